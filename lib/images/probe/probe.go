// Asks a server on this machine whether it is healthy: exits 0 when it is, 1 when not. Needs no shell.
//
//	healthprobe http PORT TIMEOUT_MS PATH LOWEST_STATUS HIGHEST_STATUS
//	healthprobe tcp  PORT TIMEOUT_MS
//	healthprobe grpc PORT TIMEOUT_MS [SERVICE]
//
// Build: CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o healthprobe probe.go
//
// Plain system calls instead of package net keep the binary at a fifth of the size.
package main

import (
	"os"
	"strconv"
	"syscall"
	"time"
)

const (
	frameData      = 0
	frameHeaders   = 1
	frameRstStream = 3
	frameSettings  = 4
	frameGoAway    = 7
	flagAck        = 1
	flagEndStream  = 1
	flagEndHeaders = 4
	flagPadded     = 8
)

// The client's preface and an empty SETTINGS frame.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"

// POST, http, the path, the authority, the content type and "te: trailers", as HPACK literals that need no table.
const request = "\x83\x86\x04\x1c/grpc.health.v1.Health/Check\x01\x09127.0.0.1\x0f\x10\x10application/grpc\x00\x02te\x08trailers"

func main() {
	words := os.Args
	if len(words) < 4 {
		fail("usage: healthprobe http|tcp|grpc PORT TIMEOUT_MS ...")
	}
	time.AfterFunc(time.Duration(number(words[3]))*time.Millisecond, func() { fail("no answer in time") })
	server := dial(number(words[2]))
	switch {
	case words[1] == "http" && len(words) == 7:
		checkHTTP(server, words[4], number(words[5]), number(words[6]))
	case words[1] == "grpc":
		checkGRPC(server, append(words, "")[4])
	case words[1] != "tcp":
		fail("usage: healthprobe http|tcp|grpc PORT TIMEOUT_MS ...")
	}
}

func fail(why string) {
	os.Stdout.WriteString("unhealthy: " + why + "\n")
	os.Exit(1)
}

func number(word string) int {
	value, err := strconv.Atoi(word)
	if err != nil {
		fail("not a number: " + word)
	}
	return value
}

type connection int

func dial(port int) connection {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Connect(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}})
	}
	if err != nil {
		fail("cannot connect")
	}
	return connection(socket)
}

func (c connection) send(bytes string) {
	for len(bytes) > 0 {
		sent, err := syscall.Write(int(c), []byte(bytes))
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			fail("cannot send")
		}
		bytes = bytes[sent:]
	}
}

func (c connection) receive(length int) ([]byte, bool) {
	bytes := make([]byte, length)
	for got := 0; got < length; {
		n, err := syscall.Read(int(c), bytes[got:])
		if err == syscall.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return nil, false
		}
		got += n
	}
	return bytes, true
}

func checkHTTP(server connection, path string, lowest, highest int) {
	server.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: healthprobe\r\nConnection: close\r\n\r\n")
	status, ok := server.receive(12)
	if !ok || string(status[:7]) != "HTTP/1." {
		fail("not an HTTP answer")
	}
	if code := number(string(status[9:])); code < lowest || code > highest {
		fail(string(status))
	}
}

func frame(kind, flags, stream byte, payload string) string {
	size := len(payload)
	return string([]byte{byte(size >> 16), byte(size >> 8), byte(size), kind, flags, 0, 0, 0, stream}) + payload
}

func checkMessage(service string) string {
	if len(service) > 127 {
		fail("the service's name is longer than 127 bytes")
	}
	if service != "" {
		service = "\x0a" + string([]byte{byte(len(service))}) + service
	}
	return "\x00\x00\x00\x00" + string([]byte{byte(len(service))}) + service
}

// The first message that the stream carries: its five-byte prefix, then field 1 of the answer, where 1 says SERVING.
func isServing(data []byte) bool {
	return len(data) >= 7 && data[5] == 8 && data[6] == 1
}

func checkGRPC(server connection, service string) {
	server.send(preface + frame(frameHeaders, flagEndHeaders, 1, request))
	server.send(frame(frameData, flagEndStream, 1, checkMessage(service)))
	var data []byte
	for !isServing(data) {
		header, ok := server.receive(9)
		if !ok {
			fail("not serving")
		}
		kind, flags := header[3], header[4]
		payload, ok := server.receive(int(header[0])<<16 | int(header[1])<<8 | int(header[2]))
		switch {
		case !ok:
			fail("not an HTTP/2 answer")
		case kind == frameSettings && flags&flagAck == 0:
			server.send(frame(frameSettings, flagAck, 0, ""))
		case kind == frameRstStream || kind == frameGoAway:
			fail("the server refuses the health service")
		case kind == frameData:
			data = append(data, unpadded(payload, flags)...)
		}
		if kind <= frameHeaders && flags&flagEndStream != 0 && !isServing(data) {
			fail("not serving")
		}
	}
}

func unpadded(payload []byte, flags byte) []byte {
	if flags&flagPadded == 0 || len(payload) == 0 || int(payload[0]) >= len(payload) {
		return payload
	}
	return payload[1 : len(payload)-int(payload[0])]
}
