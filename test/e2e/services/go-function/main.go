// Answers events of Lambda.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Name string `json:"name"`
}

type answer struct {
	Hello string `json:"hello"`
	UID   int    `json:"uid"`
	ID    string `json:"id"`
}

func main() {
	lambda.Start(func(ctx context.Context, event event) (answer, error) {
		invocation, _ := lambdacontext.FromContext(ctx)
		return answer{event.Name, os.Getuid(), invocation.AwsRequestID}, nil
	})
}
