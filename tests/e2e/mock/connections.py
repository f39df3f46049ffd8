"""CodeConnections, which moto lacks."""
def is_meant(environ):
    return False
