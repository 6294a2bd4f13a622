using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Http.Events;

namespace PrefectPS.Integration.Tests.Events;

/// <summary>A link is read as it was made, and in no other way.</summary>
public sealed class EventLinkTests
{
    private const int Length = 40;
    private static readonly Uri Listener = new("https://flows.contoso.com/teams/a");
    private static readonly SigningKeys Keys = new(KeyFrom(1));

    // Letters, what has a meaning in addresses, and what JSON and UTF-8 write in several bytes; no half of a character, which no name has.
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Char['a', 'z'].Select(each => $"{each}"), Gen.OneOf("/", "?", "&", "=", "#", "%", "%2F", "+", " ", "\"", "\\", "é", "日", "😀", "."))
        .Array[1, Length].Select(string.Concat);

    private static readonly Gen<EventLink> Links = Gen.Select(Texts, Texts, Texts, Texts, Gen.Long[0, 200_000_000_000], Texts.Null()).Select(
        (flow, run, name, id, expires, person) => new EventLink(flow, run, "0123456789abcdef0123456789abcdef", name, DateTimeOffset.FromUnixTimeSeconds(expires), id) { For = person });

    private static EventLink Link { get; } =
        new("release", "2026-11-29", "0123456789abcdef0123456789abcdef", "approval", DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), "link-1") { For = "alice" };

    [Fact]
    public void A_link_round_trips()
    {
        Links.Sample(link => EventLink.Read(QueryOf(link.ToUri(Listener, Keys)), Keys) == link, iter: Series.Cases(300, 100_000));
    }

    [Fact]
    public void A_link_has_only_characters_that_no_program_encodes()
    {
        var address = Link.ToUri(Listener, Keys);
        Assert.StartsWith("https://flows.contoso.com/teams/a/events?link=", address.AbsoluteUri, StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9_.-]+$", QueryOf(address)["link=".Length..]);
        Assert.Equal(address.AbsoluteUri, address.OriginalString);
    }

    [Fact]
    public void Any_changed_character_invalidates_a_link()
    {
        var query = QueryOf(Link.ToUri(Listener, Keys));
        Assert.NotNull(EventLink.Read(query, Keys));
        Assert.All(Enumerable.Range(0, query.Length), at =>
        {
            foreach (var other in "AQgwz09-_.=%&+ \n")
            {
                if (other != query[at])
                    Assert.Null(EventLink.Read(query[..at] + other + query[(at + 1)..], Keys));
            }

            Assert.Null(EventLink.Read(query.Remove(at, 1), Keys));
            Assert.Null(EventLink.Read(query[..at], Keys));
        });
    }

    [Fact]
    public void Any_changed_bit_invalidates_a_link() => Gen.Select(Links, Gen.Int[0, int.MaxValue], Gen.Int[0, 6]).Sample(
        (link, at, bit) =>
        {
            var query = QueryOf(link.ToUri(Listener, Keys)).ToCharArray();
            query[at % query.Length] = (char)(query[at % query.Length] ^ (1 << bit));
            return EventLink.Read(new(query), Keys) is null;
        },
        iter: Series.Cases(1_000, 200_000));

    [Fact]
    public void Appended_query_parameters_are_ignored() => Assert.Equal(Link, EventLink.Read($"{QueryOf(Link.ToUri(Listener, Keys))}&utm_source=mail", Keys));

    [Fact]
    public void A_link_is_invalid_under_another_key()
    {
        Assert.Null(EventLink.Read(QueryOf(Link.ToUri(Listener, Keys)), new(KeyFrom(2))));
        SigningKeys both = new(new Dictionary<string, byte[]> { ["new"] = KeyFrom(1), ["old"] = KeyFrom(3) }, signer: "old");
        Assert.Equal(Link, EventLink.Read(QueryOf(Link.ToUri(Listener, both)), both));
        Assert.Null(EventLink.Read(QueryOf(Link.ToUri(Listener, new(new Dictionary<string, byte[]> { ["unknown"] = KeyFrom(1) }))), both));
    }

    [Fact]
    public void A_state_documents_signature_is_invalid_for_a_link()
    {
        var content = QueryOf(Link.ToUri(Listener, Keys))["link=".Length..].Split('.');
        var document = Keys.Sign(Base64Url.Decode(content[0])!);
        Assert.Null(EventLink.Read($"link={content[0]}.{content[1]}.{Base64Url.Encode(document)}", Keys));
    }

    private static byte[] KeyFrom(int first) => [.. Enumerable.Range(first, 32).Select(each => (byte)each)];

    private static string QueryOf(Uri address) => address.Query[1..];
}
