// Answers as a test asks it to: over HTTP with any status or never, over gRPC with any health.
package main

import (
	"io"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	go exitOnTerminate()
	http.HandleFunc("GET /status/{code}", func(answer http.ResponseWriter, request *http.Request) {
		code, _ := strconv.Atoi(request.PathValue("code"))
		answer.WriteHeader(code)
	})
	http.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) { select {} })
	http.HandleFunc("POST /grpc.health.v1.Health/Check", check)
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := http.Server{Addr: ":8080", Protocols: &protocols}
	server.ListenAndServe()
}

func exitOnTerminate() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	<-signals
	os.Exit(0)
}

// The service of a health check is its message without prefix, tag and length; `down` is not serving, `unknown` is not known.
func check(answer http.ResponseWriter, request *http.Request) {
	message, _ := io.ReadAll(request.Body)
	service := string(message[min(7, len(message)):])
	answer.Header().Set("Content-Type", "application/grpc")
	answer.Header().Set("Trailer", "Grpc-Status")
	status := map[string]byte{"down": 1}[service] + 1
	if strings.HasPrefix(service, "unknown") {
		answer.Header().Set("Grpc-Status", "5")
		return
	}
	answer.Write([]byte{0, 0, 0, 0, 2, 8, status})
	answer.Header().Set("Grpc-Status", "0")
}
