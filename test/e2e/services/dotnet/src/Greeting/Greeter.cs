namespace Greeting
{
    public sealed class Greeter
    {
        private readonly string name;

        public Greeter(string name) => this.name = name;

        public string Greet() => $"hello, {name},";
    }
}
