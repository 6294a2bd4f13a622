using System.Globalization;
using PrefectPS.Http.Serving;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>What -Prefix may be, and what it means.</summary>
public sealed class ListenerAddressTests
{
    [Theory]
    [InlineData("http://+:8080", "+", 8080, "/")]
    [InlineData("http://*:8080/", "+", 8080, "/")]
    [InlineData("http://localhost:8080", "localhost", 8080, "/")]
    [InlineData("HTTP://LocalHost:8080/", "localhost", 8080, "/")]
    [InlineData("http://127.0.0.1:8080/steps/next/", "127.0.0.1", 8080, "/steps/next/")]
    [InlineData("http://[::1]:8080/steps", "[::1]", 8080, "/steps/")]
    [InlineData("http://name.example/a%20b", "name.example", 80, "/a b/")]
    public void An_address_has_host_port_and_path(string prefix, string host, int port, string path)
    {
        var address = ListenerAddress.Parse(prefix);
        Assert.Equal((host, port, path), (address.Host, address.Port, address.Path));
    }

    [Theory]
    [InlineData("8080", "it is not an address of the form http://host:port/path")]
    [InlineData(":8080", "it is not an address of the form http://host:port/path")]
    [InlineData("localhost:8080", "it is not an address of the form http://host:port/path")]
    [InlineData("http://", "it is not an address of the form http://host:port/path")]
    [InlineData("http://+", null)]
    [InlineData("http://+:99999/", "it is not an address of the form http://host:port/path")]
    [InlineData("http://+:0/", "port 0 is none that a caller could use")]
    [InlineData("https://+:443/", "the listener speaks HTTP; let what stands in front of it end TLS, and listen at http://")]
    [InlineData("ftp://localhost/", "'ftp' is not http")]
    [InlineData("http://user@localhost/", "it has more than host, port and path")]
    [InlineData("http://localhost/?a=1", "it has more than host, port and path")]
    public void A_malformed_prefix_is_an_error_with_a_remedy(string prefix, string? reason)
    {
        if (reason is null)
        {
            Assert.Equal(80, ListenerAddress.Parse(prefix).Port);
            return;
        }

        var error = Assert.Throws<FlowException>(() => ListenerAddress.Parse(prefix));
        Assert.Equal(
            (FlowErrorId.ChannelFailed, $"The listener cannot listen at '{prefix}': {reason}. Use an address such as http://+:8080/ with a port that is free and allowed."),
            (error.Id, error.Message));
    }

    [Fact]
    public void An_unknown_host_is_an_error_with_a_remedy()
    {
        var error = Assert.Throws<FlowException>(() => ListenerAddress.Parse("http://no-such-name.invalid:8080/").Resolve());
        Assert.Contains("'no-such-name.invalid' is not a name of this machine", error.Message, StringComparison.Ordinal);
        Assert.Contains("http://+:8080/", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://+:8080", "anything:1", "/", true)]
    [InlineData("http://localhost:8080", "localhost:8080", "/", true)]
    [InlineData("http://localhost:8080", "LOCALHOST", "/x", true)]
    [InlineData("http://localhost:8080", null, "/", true)]
    [InlineData("http://localhost:8080", "evil.example:8080", "/", false)]
    [InlineData("http://[::1]:8080", "[0:0::1]:8080", "/", true)]
    [InlineData("http://+:8080/steps/", "x", "/steps", true)]
    [InlineData("http://+:8080/steps", "x", "/steps/", true)]
    [InlineData("http://+:8080/steps", "x", "/steps/next", true)]
    [InlineData("http://+:8080/steps", "x", "/stepsnext", false)]
    [InlineData("http://+:8080/steps", "x", "/", false)]
    public void A_request_is_answered_by_its_host_and_path(string prefix, string? host, string path, bool matches) =>
        Assert.Equal(matches, ListenerAddress.Parse(prefix).Matches(host, path));

    [Theory]
    [InlineData("http://+:{0}", "http://localhost:{0}/", 204)]
    [InlineData("http://*:{0}/", "http://127.0.0.1:{0}/any", 204)]
    [InlineData("http://localhost:{0}/", "http://localhost:{0}/", 204)]
    [InlineData("http://localhost:{0}/", "http://127.0.0.1:{0}/", 404)]
    [InlineData("http://127.0.0.1:{0}/steps/", "http://127.0.0.1:{0}/steps", 204)]
    [InlineData("http://127.0.0.1:{0}/steps/", "http://127.0.0.1:{0}/other", 404)]
    public async Task The_listener_listens_at_its_address(string prefix, string address, int status)
    {
        await using var listener = await ListenerProcess.StartAsync(prefix, arguments => HostProcess.Start(arguments), "Anonymous");
        Assert.Equal(status, await listener.PostAsync(new Uri(string.Format(CultureInfo.InvariantCulture, address, listener.Address.Port)), []));
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_error()
    {
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        var result = await HostProcess.RunCommandAsync(
            $"try {{ Start-FlowListener (New-Flow x {{ task a {{ }} }}) {listener.Address} -Channel memory:x -Anonymous }} catch {{ $_.FullyQualifiedErrorId; $_.Exception.Message }}");
        Assert.Equal("FlowChannelFailed,PrefectPS.Commands.StartFlowListenerCommand", result.Lines[0]);
        Assert.StartsWith($"The listener cannot listen at '{listener.Address}': Failed to bind to address", result.Lines[1], StringComparison.Ordinal);
    }
}
