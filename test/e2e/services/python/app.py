import os
from http.server import BaseHTTPRequestHandler, HTTPServer


def handler(event, context):
    return {"hello": event["name"], "uid": os.getuid(), "id": context.aws_request_id}


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("", 8080), Server).serve_forever()
