package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Receive messages from the queue in QUEUE_URL here, with the AWS SDK.
func work() {
	log.Printf("waiting for messages of %s", os.Getenv("QUEUE_URL"))
}

func main() {
	running, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	for {
		work()
		select {
		case <-running.Done():
			return
		case <-time.After(20 * time.Second):
		}
	}
}
