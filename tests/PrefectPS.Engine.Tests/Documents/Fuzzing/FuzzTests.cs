using System.Text;
using PrefectPS.Documents;

namespace PrefectPS.Engine.Tests.Documents.Fuzzing;

/// <summary>Reading any document yields a run or one of two errors, quickly and within a small multiple of its size.</summary>
/// <remarks>The number of a document in its series is in the failure.</remarks>
public class FuzzTests
{
    // Of any document: what an error's text, place and stack take.
    private const long FreeBytes = 96 * 1024;

    // Of one that is packed: what it may unpack to.
    private const long FreePackedBytes = 64 * 1024 * 1024;
    private const int MemoryPerByte = 128;

    [Fact]
    public void Random_documents_are_read_or_rejected()
    {
        var count = Series.Cases(sample: 20_000, whole: 210_000);
        var seed = Series.PrintedSeed();
        var corpus = Corpus.Make();
        var (read, refused, most) = (0, 0, 0.0);
        var gate = new Lock();
        Parallel.For(
            0,
            count,
            new() { MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Read: 0, Refused: 0, Most: 0.0),
            (number, _, sums) => Try(corpus, seed, number) is var (isRead, perByte)
                ? (sums.Read + (isRead ? 1 : 0), sums.Refused + (isRead ? 0 : 1), Math.Max(sums.Most, perByte))
                : sums,
            sums =>
            {
                lock (gate)
                    (read, refused, most) = (read + sums.Read, refused + sums.Refused, Math.Max(most, sums.Most));
            });
        TestContext.Current.SendDiagnosticMessage($"{read} read, {refused} refused; {most:0.0} bytes allocated for a byte, at most");
        Assert.True(read > count / 50, $"only {read} of {count} were read: the changes are too coarse");
        Assert.True(refused > count / 10, $"only {refused} of {count} were refused: the changes are too fine");
    }

    // What it takes of memory is counted on the thread, in bytes allocated, used or not.
    private static (bool IsRead, double PerByte) Try(Corpus corpus, int seed, int number)
    {
        var document = Make(corpus, seed, number, out var options);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = true;
        var isPacked = false;
        try
        {
            var opened = Envelope.Open(document);
            isPacked = opened.Layers.Contains("gzip") || CompactText.Is(opened.Content);
            if (!opened.IsEmpty)
                StateDocument.Read(corpus.Flow, opened.Content, options with { Inside = opened.Inside });
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StateInvalid or FlowErrorId.StateTampered)
        {
            isRead = false;
            isPacked |= e.Message.Contains("unpack", StringComparison.Ordinal) || Packing.IsGzip(document);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(Describe(seed, number, document), e);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var free = isPacked ? FreePackedBytes : FreeBytes;
        Assert.True(allocated < free + ((long)document.Length * MemoryPerByte), $"{allocated} bytes of memory: {Describe(seed, number, document)}");
        return (isRead, isPacked ? 0 : Math.Max(0, allocated - FreeBytes) / (double)Math.Max(1, document.Length));
    }

    private static byte[] Make(Corpus corpus, int seed, int number, out ReadingOptions options)
    {
        var mutator = new Mutator(unchecked((seed * 31) + number));
        options = mutator.Once(8) ? new() { SigningKeys = new(Corpus.Key) } : mutator.Once(8) ? new() { OnChange = FlowChangeAction.RerunChanged } : ReadingOptions.Default;
        return mutator.Once(4)
            ? CompactText.Write(mutator.Mutate(mutator.Choose(corpus.CompactContents), mutator.Choose(corpus.Documents)), options.SigningKeys)
            : mutator.Mutate(mutator.Choose(corpus.Documents), mutator.Choose(corpus.Documents));
    }

    private static string Describe(int seed, int number, byte[] document) =>
        $"document {number} of seed {seed}, {document.Length} bytes: {Encoding.UTF8.GetString(document, 0, Math.Min(document.Length, 2000))}";
}
