using System.Collections;
using System.Collections.Specialized;
using System.Net;
using System.Security;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Xml;
using CsCheck;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A secret of six characters or more is put into every field that it can reach, in each of its forms, and is in nothing that is written.</summary>
public partial class SecretPropertyTests
{
    private static readonly Gen<string> AnySecret = Gen.OneOf(
            Gen.Char['a', 'z'], Gen.Char['0', '9'], ExtremeValues.One('"', '\\', '\'', '%', '+', '/', '<', '&', ' ', 'é', '日', '$', '`'))
        .Array[SecretPatterns.SafeLength, 24].Select(chars => new string(chars))
        .Where(secret => secret.Trim().Length == secret.Length && secret.Distinct().Count() > 3 && !secret.All(char.IsLetter));

    private static readonly Func<string, string>[] Encodings =
    [
        secret => secret,
        secret => System.Text.Json.JsonSerializer.Serialize(secret),
        secret => $"{{\"body\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret)}\"}}",
        secret => $"https://host/?token={Uri.EscapeDataString(secret)}&x=1",
        secret => $"token={WebUtility.UrlEncode(secret)}",
        secret => Lower().Replace(Uri.EscapeDataString(secret), match => match.Value.ToLowerInvariant()),
        secret => $"Authorization: Basic {Base64($"user:{secret}")}",
        secret => Base64(secret),
        secret => Base64($"a{secret}bc"),
        secret => Base64($"ab{secret}c").Replace('+', '-').Replace('/', '_').TrimEnd('='),
        secret => $"-EncodedCommand {Convert.ToBase64String(Encoding.Unicode.GetBytes($"login {secret}!"))}",
        secret => WebUtility.HtmlEncode(secret),
        secret => $"'{secret.Replace("'", "''", StringComparison.Ordinal)}'",
        secret => new string('x', Limits.MaxTextLength - (secret.Length / 2) - 36 - "Error during execution of task: ".Length) + secret + new string('y', 10),
    ];

    private static readonly int[] HoldsSecure = [2, 7]; // a secret whatever its task says

    // What a task can return that holds the secret; a key of letters alone is taken for a name.
    private static readonly Func<string, object>[] Holders =
    [
        secret => new object[] { secret, secret },
        secret => new OrderedDictionary { ["name"] = "other text", [secret] = 1 },
        secret => new Hashtable { [Secure(secret)] = 1 },
        secret => new List<string> { "other text", secret },
        secret => new StringBuilder("first line\n").Append(secret),
        secret => Xml(secret),
        secret => Enumerable.Range(0, 40).Aggregate((object)new object[] { secret }, (part, _) => new object[] { part, part }),
        secret => new { Login = new object[] { Secure(secret) } },
    ];

    [Fact]
    public void A_secret_is_never_written() => Gen.Select(AnySecret, Gen.Int[0, Encodings.Length - 1], ExtremeValues.One(2, 7, 99)).Sample(
        (secret, encoding, maxTasks) =>
        {
            var store = new WrittenStore();
            var flow = Make(secret, $"before {Encodings[encoding](secret)} after", store);
            var recorded = flow.Recorded(maxTasks);
            var texts = new List<string>();
            FlowState run;
            do
            {
                run = recorded.Step("run");
                texts.Add(Encoding.UTF8.GetString(FlowStateWriter.Write(run)));
                texts.Add(Encoding.UTF8.GetString(PrefectWriter.Write(run)));
                texts.Add(Encoding.UTF8.GetString(CompactWriter.Content(run, matchBySlug: true, includeTimes: true)));
                texts.Add(ReportOf(run));
            }
            while (run.HasPending);

            Assert.Equal(StateType.Failed, run.Of("fields").StateType);
            foreach (var text in texts.Concat(store.Written.SelectMany(written => new[] { written.Path, written.Content })))
                AssertWithout(text, secret);
            string[] told = ["fields", "held", .. Holders.Select((_, i) => $"told{i}")];
            Assert.All(told, task => Assert.Contains(SecretMask.Mark, run.Of(task).Message!, StringComparison.Ordinal));
        },
        iter: Series.Cases(40, 20_000));

    public static TheoryData<object, string> Plain => new()
    {
        { new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), "00000001-0002-0003-0405-060708090a0b" },
        { 1234567.5m, "1234567.5" },
        { (Half)1234, "1234" },
        { Int128.MaxValue, "170141183460469231731687303715884105727" },
        { new DateTime(2026, 11, 29, 1, 2, 3, DateTimeKind.Utc), "2026-11-29T01:02:03.0000000Z" },
        { new DateOnly(2026, 11, 29), "2026-11-29" },
        { new Uri("https://user:pass12@host/path?sig=a1b2c3"), "sig=a1b2c3" },
        { new Uri("https://user:pass12@host/path?sig=a1b2c3"), "user:pass12" },
        { new Uri("folder/key one", UriKind.Relative), "folder/key one" },
        { new Regex("^key[0-9]+$"), "^key[0-9]+$" },
        { IPAddress.Parse("10.20.30.40"), "10.20.30.40" },
        { new Version(10, 20, 30), "10.20.30" },
        { new byte[] { 1, 2, 254, 255 }, "AQL+/w==" },
        { new byte[] { 1, 2, 254, 255 }, "01-02-FE-FF" },
        { new byte[] { 1, 2, 254, 255 }, "0102FEFF" },
        { new Dictionary<Guid, int> { [new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)] = 1 }, "00000001-0002-0003-0405-060708090a0b" },
        { Tuple.Create("in a class"), "in a class" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public void Each_string_in_a_plain_value_is_masked(object secret, string text)
    {
        var mask = new SecretMask(PlainValueAdapter.Instance);
        mask.Add(secret);
        Assert.Equal($"before {SecretMask.Mark} after", mask.Hide($"before {text} after"));
    }

    [Fact]
    public void Names_short_keys_and_booleans_are_not_masked()
    {
        var mask = new SecretMask(PlainValueAdapter.Instance);
        var name = string.Concat("pass", "word");
        mask.Add(new Hashtable { [name] = name.ToUpperInvariant(), [1] = "value1", ["k1"] = true, [true] = false, [Guid.Empty] = null });
        Assert.Equal("password (secret) 1 (secret) k1 True False (secret)", mask.Hide($"password PASSWORD 1 value1 k1 True False {Guid.Empty}"));
        mask.Add(new Hashtable { [name] = name });
        Assert.Equal("(secret)", mask.Hide("password"));
    }

    [Fact]
    public void A_run_as_a_result_is_written_without_its_secrets()
    {
        var inner = new TestFlow("inner").Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true });
        var store = new WrittenStore();
        var flow = new TestFlow("flow", new() { Store = store }).Task("run", _ => inner.RunAll()).Task("listed", _ => new object[] { inner.RunAll() });

        var run = flow.Recorded().Step("run");

        Assert.Equal("hunter2", ((FlowSecret)((FlowState)run.Of("run").Inner.ReadResult()!).Tasks[0].Result!).Reveal());
        Assert.All(store.Written, written => Assert.DoesNotContain("hunter2", written.Content, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", ReportOf(run), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc12", true)]
    [InlineData("abc123", false)]
    public void A_short_secret_is_warned_of_once(string secret, bool isWarned)
    {
        var told = new List<string>();
        var flow = new TestFlow().Add(new("list", TestFlow.Body(_ => new[] { secret, secret })) { IsSensitive = true })
            .Add(new("tokens", TestFlow.Body(x => x[0].Value)) { IsSensitive = true, Map = [new("x", "list")] });

        StepRunner.Run(flow.New(), new() { Notices = new Notices(told) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(isWarned ? ["list", "tokens"] : [], told.Select(text => text.Split('\'')[1]));
        Assert.All(told, text => Assert.Contains("fewer than 6 characters", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_cut_inside_a_secret_does_not_reveal_its_beginning()
    {
        var mask = new SecretMask(PlainValueAdapter.Instance);
        mask.Add("hunter2000");
        for (var kept = 2; kept <= 10; kept++)
        {
            var text = TruncatedText.Long(new string('x', Limits.MaxTextLength - kept - 33) + "hunter2000" + new string('y', 100))!;
            Assert.DoesNotContain("hu", mask.Hide(text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Masking_a_large_secret_for_many_children_takes_linear_time()
    {
        var flow = new TestFlow().Add(new("list", TestFlow.Body(_ => Enumerable.Range(0, 3_000).Select(i => $"secret number {i}").ToArray())) { IsSensitive = true })
            .Add(new("m", TestFlow.Body(x => throw new InvalidOperationException($"bad {x[0].Value}"))) { Map = [new("x", "list")] });
        Assert.All(flow.RunAll().Of("m").Children, child => Assert.EndsWith("bad (secret)", child.Message, StringComparison.Ordinal));
    }

    private static TestFlow Make(string secret, string text, WrittenStore store)
    {
        var error = new TaskError(text) { Id = text, ScriptName = text, ExceptionType = text, LineText = text, Stack = text };
        var parameters = new ParameterDefaults([new("token", null)]);
        var inner = new TestFlow("inner", new() { Parameters = parameters })
            .Add(new("inside", TestFlow.Body(_ => throw new TaskFailedException(error))) { Parameters = ["token"] });
        var sensitive = new TestFlow("sensitive").Add(new("made", TestFlow.Body(_ => secret)) { IsSensitive = true })
            .Add(new("failed", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = [new("t", "made")] });
        KeyValuePair<string, string>[] token = [new("t", "token")];
        var flow = new TestFlow("flow", new() { Store = store, Checkpoints = true });
        for (var i = 0; i < Holders.Length; i++)
        {
            var holder = Holders[i];
            flow.Add(new($"holder{i}", TestFlow.Body(_ => holder(secret))) { IsSensitive = !HoldsSecure.Contains(i) })
                .Add(new($"told{i}", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = [new("t", $"holder{i}")] });
        }

        return flow
            .Add(new("token", TestFlow.Body(_ => secret)) { IsSensitive = true })
            .Add(new("secure", TestFlow.Body(_ => new { Login = new object[] { Secure(secret) } })))
            .Add(new("list", TestFlow.Body(_ => new object[] { secret, new { Password = secret } })) { IsSensitive = true })
            .Add(new("fields", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = token })
            .Add(new("held", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = [new("t", "secure")] })
            .Add(new("argument", TestFlow.Body(_ => throw new TaskFailedException(error))) { Arguments = [new("t", Secure(secret))] })
            .Add(new("plain", TestFlow.Body(_ => throw new InvalidOperationException(text))) { InputFrom = token })
            .Add(new("signal", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Skipped, text, endsRun: true))) { InputFrom = token })
            .Add(new("retried", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = token, Retry = new() { MaxRetries = 1 } })
            .Add(new("handled", TestFlow.Body(_ => 1)) { InputFrom = token, StateHandlers = [new RecordingHandler((_, _) => throw new InvalidOperationException(text))] })
            .Add(new("replaced", TestFlow.Body(_ => 1))
            {
                InputFrom = token,
                StateHandlers = [new RecordingHandler((_, to) => to.StateType == StateType.Success ? to.With(new(StateType.Failed, text) { Error = error }) : null)],
            })
            .Add(new("mapped", TestFlow.Body(_ => throw new TaskFailedException(error))) { Map = [new("t", "list")] })
            .Add(new("sub", Body: null) { Subflow = inner.Flow, InputFrom = [new("token", "token")] })
            .Add(new("own", Body: null) { Subflow = sensitive.Flow })
            .Add(new("subs", Body: null) { Subflow = inner.Flow, Map = [new("token", "list")] })
            .Add(new("run", TestFlow.Body(_ => sensitive.RunAll())))
            .Add(new("runs", TestFlow.Body(_ => new { Inner = new[] { sensitive.RunAll() } })))
            .Add(new("told", TestFlow.Body(_ => throw new TaskFailedException(error))) { InputFrom = [new("r", "run"), .. token] });
    }

    private static XmlDocument Xml(string secret)
    {
        var document = new XmlDocument();
        document.AppendChild(document.CreateElement("a"))!.InnerText = secret;
        return document;
    }

    private static SecureString Secure(string secret)
    {
        var secure = new SecureString();
        foreach (var c in secret)
            secure.AppendChar(c);
        return secure;
    }

    private static string ReportOf(FlowState run)
    {
        using var page = new MemoryStream();
        FlowReport.Write(page, run, ReportHistory.None, new() { ReadsResults = true });
        var text = Encoding.UTF8.GetString(page.ToArray());
        return text[text.LastIndexOf("<script", StringComparison.Ordinal)..];
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void AssertWithout(string text, string secret)
    {
        string[] forms =
        [
            secret, System.Text.Json.JsonSerializer.Serialize(secret).Trim('"'), JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), WebUtility.HtmlEncode(secret),
        ];
        foreach (var form in forms)
            Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase);
        foreach (var run in Digits().Matches(text).Select(match => match.Value.Replace('-', '+').Replace('_', '/')))
        {
            for (var start = 0; start < 4; start++)
            {
                var bytes = Convert.FromBase64String(run.Substring(start, (run.Length - start) / 4 * 4));
                Assert.DoesNotContain(secret, Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
                Assert.DoesNotContain(secret, Encoding.Unicode.GetString(bytes), StringComparison.Ordinal);
                Assert.DoesNotContain(secret, bytes.Length == 0 ? string.Empty : Encoding.Unicode.GetString(bytes, 1, bytes.Length - 1), StringComparison.Ordinal);
            }
        }
    }

    [GeneratedRegex("[A-Za-z0-9+/_-]{8,}")]
    private static partial Regex Digits();

    [GeneratedRegex("%[0-9A-F]{2}")]
    private static partial Regex Lower();
}
