using System.Net;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>What the listener believes while the server of its issuer's keys does not do as it should.</summary>
public sealed class IssuerKeysTests
{
    private static readonly RsaSecurityKey First = TokenListener.NewKey("k1");
    private static readonly RsaSecurityKey Second = TokenListener.NewKey("k2");
    private static readonly RsaSecurityKey Unknown = TokenListener.NewKey("unknown");

    public static TheoryData<string> Faults => [.. FaultyKeys.Answers.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Before_the_first_keys_a_faulty_answer_is_followed_by_a_pause_and_another_attempt(string fault)
    {
        await using var server = KeyServer.Start(FaultyKeys.Answers[fault]);
        var listener = new TokenListener(server.Address);
        Assert.Equal("401", await listener.PostAsync(First));
        server.Answer = KeyServer.Keys(First);
        Assert.Equal("401 401 401", await listener.PostAsync(First, Unknown, First));
        Assert.Equal(1, server.Requests);

        listener.Clock.Advance(TokenListener.Pause);
        Assert.Equal("204", await listener.PostAsync(First));
        Assert.Equal("401", await listener.PostAsync(Unknown));
        Assert.Equal(2, server.Requests);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public Task After_the_first_keys_a_faulty_answer_leaves_them_in_use(string fault) => KeysStayInUseAsync(FaultyKeys.Answers[fault]);

    [Fact]
    public Task After_the_first_keys_a_set_that_is_too_large_leaves_them_in_use() => KeysStayInUseAsync(FaultyKeys.TooLarge(Second));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Unavailable_keys_cause_one_warning_until_they_are_available_again(string fault)
    {
        await using var server = KeyServer.Start(FaultyKeys.Answers[fault]);
        var listener = new TokenListener(server.Address);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("401", await listener.PostAsync(Unknown));
            listener.Clock.Advance(TokenListener.Pause);
        }

        Assert.Equal(2, server.Requests);
        Assert.Contains(server.Address, Assert.Single(listener.Warnings), StringComparison.Ordinal);

        server.Answer = KeyServer.Keys(First);
        Assert.Equal("401", await listener.PostAsync(Unknown));
        Assert.Single(listener.Warnings);
        server.Answer = FaultyKeys.Answers[fault];
        listener.Clock.Advance(TokenListener.Pause);
        Assert.Equal("401", await listener.PostAsync(Unknown));
        Assert.Equal(2, listener.Warnings.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var other = KeyServer.Start(Second);
        await using var server = KeyServer.Start(FaultyKeys.RedirectTo(other.Address));
        var listener = new TokenListener(server.Address);
        Assert.Equal("401", await listener.PostAsync(Second));
        await KeysStayInUseAsync(FaultyKeys.RedirectTo(other.Address));
        Assert.Equal(0, other.Requests);
    }

    [Fact]
    public async Task Good_keys_beside_an_unparsable_one_are_accepted_and_none_is_dropped()
    {
        await using var server = KeyServer.Start(FaultyKeys.BadKeyAmong(First));
        var listener = new TokenListener(server.Address);
        Assert.Equal("204", await listener.PostAsync(First));

        server.Answer = FaultyKeys.BadKeyAmong(Second);
        listener.Clock.Advance(TokenListener.Pause);
        Assert.Equal("204", await listener.PostAsync(Second));
        await SettleAsync();
        Assert.Equal("204 204", await listener.PostAsync(First, Second));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_new_key_is_accepted_at_its_first_token_and_a_removed_one_is_rejected()
    {
        await using var server = KeyServer.Start(First);
        var listener = new TokenListener(server.Address);
        Assert.Equal("204", await listener.PostAsync(First));
        server.Answer = KeyServer.Keys(Second);
        Assert.Equal("401", await listener.PostAsync(Second)); // there was an answer a moment ago
        listener.Clock.Advance(TokenListener.Pause);
        Assert.Equal("204 204 204", await listener.PostAsync(Second, Second, Second));
        await SettleAsync();
        Assert.Equal("401", await listener.PostAsync(First));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_query_the_key_server_once_per_interval()
    {
        await using var server = KeyServer.Start(First);
        var listener = new TokenListener(server.Address);
        Assert.Equal("204", await listener.PostAsync(First));
        for (var pause = 1; pause <= 3; pause++)
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => listener.PostAsync(Unknown)));
            Assert.All(statuses, status => Assert.Equal("401", status));
            Assert.Equal(pause, server.Requests);
            listener.Clock.Advance(TokenListener.Pause - TimeSpan.FromTicks(1));
            Assert.Equal("401", await listener.PostAsync(Unknown));
            Assert.Equal(pause, server.Requests);
            listener.Clock.Advance(TimeSpan.FromTicks(1));
        }
    }

    [Fact]
    public async Task With_an_unresponsive_key_server_tokens_of_known_keys_are_accepted_at_once()
    {
        await using var server = KeyServer.Start(First);
        var listener = new TokenListener(server.Address);
        Assert.Equal("204", await listener.PostAsync(First));
        listener.Clock.Advance(TokenListener.Pause);
        server.Answer = _ => Task.Delay(TimeSpan.FromSeconds(10));
        var unknown = listener.PostAsync(Unknown);
        while (server.Requests == 1)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal("204", await listener.PostAsync(First));
        Assert.False(unknown.IsCompleted);
        Assert.Equal("401", await unknown);
    }

    private static async Task KeysStayInUseAsync(Func<HttpListenerResponse, Task> fault)
    {
        await using var server = KeyServer.Start(First);
        var listener = new TokenListener(server.Address);
        Assert.Equal("204", await listener.PostAsync(First));

        server.Answer = fault;
        for (var requests = 2; requests <= 3; requests++)
        {
            listener.Clock.Advance(TokenListener.Pause);
            Assert.Equal("401 401", await listener.PostAsync(Second, Unknown));
            Assert.Equal(requests, server.Requests);
            await SettleAsync();
            Assert.Equal("204 204", await listener.PostAsync(First, First));
        }

        server.Answer = KeyServer.Keys(First, Second);
        listener.Clock.Advance(TokenListener.Pause);
        Assert.Equal("204 204", await listener.PostAsync(Second, First));
        Assert.Equal(4, server.Requests);
    }

    // What a request found new is taken over beside it.
    private static Task SettleAsync() => Task.Delay(100, TestContext.Current.CancellationToken);
}
