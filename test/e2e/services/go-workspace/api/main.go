package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"example.com/greeting"
)

var version = "unknown"

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	http.HandleFunc("/", func(answer http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(answer, "%s on %s", version, greeting.Libc())
	})
	go func() {
		if err := http.ListenAndServe(":8080", nil); err != nil {
			panic(err)
		}
	}()
	<-stop
}
