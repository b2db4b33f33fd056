// Shows the API's description with the reader that comes from npm.
window.SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#openapi", deepLinking: true });
