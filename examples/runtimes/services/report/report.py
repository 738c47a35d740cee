from datetime import date

print(f"report of {date.today()}")
