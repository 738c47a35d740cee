using System.Runtime.InteropServices;
using Greeting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Api
{
    public static class Program
    {
        public static void Main(string[] args) => CreateHostBuilder(args).Build().Run();

        private static IHostBuilder CreateHostBuilder(string[] args) =>
            Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.Configure(Configure));

        private static void Configure(WebHostBuilderContext context, IApplicationBuilder app)
        {
            var greeter = new Greeter(context.Configuration["Greeting:Name"]);
            var answer = $"{greeter.Greet()} from {RuntimeInformation.FrameworkDescription}";
            app.UseRouting();
            app.UseEndpoints(endpoints => endpoints.MapGet("/", http => http.Response.WriteAsync(answer)));
        }
    }
}
