"""How well photographs become flat, upright pages, and what that costs pages that are so already.

python -m benchmarks.rectify                     # every part
python -m benchmarks.rectify --only warps,cost   # some of them
"""
