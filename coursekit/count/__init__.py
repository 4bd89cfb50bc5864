"""What a network costs before it exists: parameters, multiply-adds, memory, view.

`print(ledger(nets.LENET, (1, 28, 28)))` shows a row for each layer.
"""

from coursekit.count.costs import macs, operations, params
from coursekit.count.ledger import Ledger, ledger
from coursekit.count.rows import Row

__all__ = ["Ledger", "Row", "ledger", "macs", "operations", "params"]
