"""Charts as SVG, for pages and print alike: each with its title, and with every value in words.

Colours and sizes are attributes of the elements, because WeasyPrint and a strict content security
policy both ignore style sheets inside an image. Nothing is told by colour alone: values stand
beside their marks, and marks differ in shape.
"""
