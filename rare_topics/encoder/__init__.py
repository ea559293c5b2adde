"""A sentence model that reads what the words around a country leave open."""
