"""Tables as the supplier gives them, with every row."""
