"""Signs and codes of currencies."""

from __future__ import annotations

import re

CURRENCY = re.compile(
    r"(?:US|CA|AU|NZ|HK|NT|S|A|C|R|MX)?\$|[€£¥￥₹₩₽₺₴₫฿₱₪₦元円]"
    r"|(?<![A-Za-z])(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|CAD|AUD|NZD|HKD|SGD|INR|SEK|NOK|DKK|PLN|CZK"
    r"|HUF|BRL|MXN|ZAR|TRY|KRW|RM|Rs\.?|Fr\.|kr\.?|zł|Kč|Ft|DM|TL|руб\.?)(?![A-Za-z])"
)
"""A currency before or behind an amount, or alone."""
