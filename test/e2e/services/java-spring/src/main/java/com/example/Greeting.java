package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@SpringBootApplication
public class Greeting {
  public static void main(String[] words) {
    SpringApplication.run(Greeting.class, words);
  }

  @GetMapping("/")
  String greet() {
    return "hello from Spring";
  }
}
