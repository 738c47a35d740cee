/// Greets for the n-th time.
pub fn greet(n: usize) -> String {
    format!("greeting number {}", itoa::Buffer::new().format(n))
}
