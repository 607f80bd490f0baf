"""What the product is measured with, and what its intent classifier is trained from. Not part of the package that is installed."""
