"""What the sample company is made of."""

# fmt: off
GIVEN = [
    "Ada", "Bruno", "Carla", "Dilan", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Katya", "Liam",
    "Mira", "Nuno", "Olga", "Piet", "Quirin", "Rosa", "Sami", "Tove", "Uma", "Viktor", "Wanda", "Xenia",
    "Yusuf", "Zoe", "Anouk", "Bela", "Cem", "Dora", "Emil", "Fleur",
]
FAMILY = [
    "Abel", "Bakker", "Castell", "Dorn", "Eklund", "Fabri", "Grieg", "Hollis", "Ivers", "Jansen",
    "Kessler", "Lund", "Marsh", "Novak", "Orsini", "Pryce", "Quist", "Rook", "Sandell", "Thorne",
    "Ulrich", "Varga", "Weiss", "Xander", "Yates", "Zeller", "Ashby", "Birch", "Cole", "Drake",
    "Ellwood", "Finch",
]
# fmt: on
COUNTRIES = ("United Kingdom", "Germany", "France", "Netherlands", "Sweden")
STORES = ("Leeds", "York", "Bath", "Hull", "Derby")
AGENTS = ("agent-amal", "agent-bea", "agent-chris", "agent-dina")
REPS = ("rep-farah", "rep-gus", "rep-hana")
PAGES = ("/", "/new", "/sale", "/garden", "/kitchen", "/lighting", "/about", "/delivery")
PRODUCTS = (
    ("LAMP-01", "Reading lamp", "39.90"),
    ("LAMP-02", "Floor lamp", "119.00"),
    ("POT-10", "Clay pot", "12.50"),
    ("POT-11", "Planter", "34.00"),
    ("KETTLE-3", "Kettle", "45.00"),
    ("MUG-4", "Mug", "8.95"),
    ("CHAIR-7", "Garden chair", "79.00"),
    ("THROW-2", "Wool throw", "64.50"),
)
CAMPAIGNS = ("new-year", "spring", "summer", "autumn", "winter-sale")
TROUBLES = (
    ("delivery", "Where is my parcel?", "It should have been here on Monday."),
    ("product", "A part is missing", "The box has no screws in it."),
    ("invoice", "Wrong amount on my invoice", "I was charged twice."),
    ("account", "I can not log in", "The page says my address is not known."),
)
SOURCES = {
    "web": "web-shop",
    "mobile_app": "mobile-app",
    "call_center": "call-centre",
    "store": "stores",
    "email": "mail",
    "chat": "chat",
    "social": "social",
    "erp": "erp",
    "crm": "crm",
}
# Chance of each hour of the day: nights are quiet, lunch and evening are busy.
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 15, 17, 15, 13, 13, 14, 15, 16, 18, 18, 14, 8, 3)
