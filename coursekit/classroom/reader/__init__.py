"""Read what was handed in: files to code cells, cells to statements and answers.

`handed` finds the files, `cells` takes the code out of one, `program` tells what it
defines. Nothing is executed, unpacked to disk or written, whatever the files hold.
"""
