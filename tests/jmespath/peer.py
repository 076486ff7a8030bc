"""Searches with the reference implementation: [document, expression] a line on standard input, the outcome a line on
standard output: what was found as JSON, or the kind of the error behind "!", or "?" where it breaks down."""
import json
import sys

import jmespath
from jmespath import exceptions


def search(document, expression):
    try:
        return json.dumps(jmespath.search(expression, document))
    except exceptions.ParseError:
        return "!syntax"
    except exceptions.EmptyExpressionError:
        return "!syntax"
    except exceptions.ArityError:
        return "!invalid-arity"
    except exceptions.JMESPathTypeError:
        return "!invalid-type"
    except exceptions.UnknownFunctionError:
        return "!unknown-function"
    except Exception:
        return "?"


for line in sys.stdin:
    print(search(*json.loads(line)))
