using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Connections that begin a request and never end it.</summary>
internal sealed class SlowSenders : IDisposable
{
    private readonly List<(TcpClient Client, Task<Ending> End)> _all = [];

    /// <summary>How many of them the listener has closed by now.</summary>
    public int Closed => _all.Count(each => each.End.IsCompleted);

    /// <summary>Opens so many more, each of which sends this and then nothing.</summary>
    public async Task OpenAsync(int port, int count, string beginning)
    {
        for (var i = 0; i < count; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning), TestContext.Current.CancellationToken);
            _all.Add((client, WaitAsync(client)));
        }
    }

    /// <summary>Waits until the listener has closed all of them.</summary>
    /// <returns>How long each was open, and the first line of the answer that it got.</returns>
    public async Task<Ending[]> EndAsync() => await Task.WhenAll(_all.Select(each => each.End));

    public void Dispose() => _all.ForEach(each => each.Client.Dispose());

    private static async Task<Ending> WaitAsync(TcpClient client)
    {
        var watch = Stopwatch.StartNew();
        var answer = new StringBuilder();
        var buffer = new byte[256];
        try
        {
            int count;
            while ((count = await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // That is an end, too.
        }

        return new(watch.Elapsed, answer.ToString().Split('\r')[0]);
    }

    /// <param name="After">How long the connection was open.</param>
    /// <param name="Answer">The first line of the answer; empty for none.</param>
    internal sealed record Ending(TimeSpan After, string Answer);
}
