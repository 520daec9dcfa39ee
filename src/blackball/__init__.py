"""How likely is a catastrophe under each way of governing AI?"""
