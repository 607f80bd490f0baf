"""Tables, transactions and one repository per noun."""
