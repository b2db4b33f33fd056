// A provider of single sign-on for tests: the certified OpenID Connect server `oidc-provider`, with
// whoever signs in as an account. Whoever is called `unverified-…` has an address nobody checked.
//
//     node provider.mjs PORT PATH-TO-MODULE CLIENT SECRET REDIRECT-URI

const [port, module, client, secret, redirect] = process.argv.slice(2);
const { default: Provider } = await import(module);

const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect] }],
  claims: { email: ["email", "email_verified"], profile: ["name"] },
  conformIdTokenClaims: false, // the address comes in the ID token
  cookies: { keys: ["tests"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: `${id.replace("unverified-", "").replace("@", ".")}@mail.example`,
      email_verified: !id.startsWith("unverified-"),
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
