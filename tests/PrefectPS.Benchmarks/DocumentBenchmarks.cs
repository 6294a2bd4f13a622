using System.Buffers;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Benchmarks;

/// <summary>State documents: a step's time to read its run and write the next document.</summary>
internal static class DocumentBenchmarks
{
    public static IEnumerable<Measurement> Run()
    {
        const int target = 10_000;
        var first = MakeRun(target);
        var cold = Measurement.TimeOnce(() => FlowStateReader.Read(first.Flow, FlowStateWriter.Write(first)));
        yield return new($"encode and decode {target:N0} task states, first in process", cold.TotalMilliseconds, "ms");

        foreach (var count in new[] { 1_000, target })
        {
            var run = MakeRun(count);
            var document = FlowStateWriter.Write(run);
            var encode = Measurement.Time(() => FlowStateWriter.Write(run));
            var decode = Measurement.Time(() => FlowStateReader.Read(run.Flow, document));
            yield return new($"encode {count:N0} task states", encode.TotalMilliseconds, "ms");
            yield return new($"decode {count:N0} task states", decode.TotalMilliseconds, "ms");
            var bare = Measurement.Time(() => CopyTokens(document));
            yield return new(
                $"encode and decode {count:N0} task states", (encode + decode).TotalMilliseconds, "ms", (encode + decode) / bare, count == target ? "< 20, ratio < 4" : null);
            yield return new("the same bytes by Utf8JsonReader and Utf8JsonWriter alone", bare.TotalMilliseconds, "ms");
            yield return new($"document of {count:N0} task states", (double)document.Length / count, "bytes a task", Target: "< 120");
            var retained = Measurement.RetainedBytes(() => FlowStateReader.Read(run.Flow, document));
            yield return new($"decoded run of {count:N0} task states", (double)retained / count, "bytes a task");
            yield return new($"allocated to decode {count:N0} task states", (double)Measurement.AllocatedBytes(() => FlowStateReader.Read(run.Flow, document)) / count,
                "bytes a task");
        }

        foreach (var count in new[] { target, 100_000 })
        {
            foreach (var row in Compact(count))
                yield return row;
        }

        foreach (var row in Large(1_000_000))
            yield return row;

        var chain = Shapes.Chain(100);
        var whole = Measurement.Time(() => RunInSteps(chain));
        yield return new("chain of 100, one task a step, through JSON each time", whole.TotalMilliseconds, "ms in all", Target: "< 100");
    }

    // Parses without keeping anything or allocating strings.
    private static int CopyTokens(byte[] document)
    {
        var content = new ArrayBufferWriter<byte>(document.Length);
        using var writer = new Utf8JsonWriter(content);
        var reader = new Utf8JsonReader(document);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: writer.WriteStartObject(); break;
                case JsonTokenType.EndObject: writer.WriteEndObject(); break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                case JsonTokenType.PropertyName: writer.WritePropertyName(reader.ValueSpan); break;
                case JsonTokenType.String: writer.WriteStringValue(reader.ValueSpan); break;
                default: writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); break;
            }
        }

        writer.Flush();
        return content.WrittenCount;
    }

    private static IEnumerable<Measurement> Compact(int count)
    {
        var run = MakeRun(count);
        var document = CompactWriter.Write(run);
        var encode = Measurement.Time(() => CompactWriter.Write(run));
        var decode = Measurement.Time(() => StateDocument.Read(run.Flow, document, ReadingOptions.Default));
        yield return new($"compact document of {count:N0} finished tasks", (double)document.Length / count, "bytes a task", Target: "< 2");
        yield return new($"encode and decode {count:N0} task states, compact", (encode + decode).TotalMilliseconds, "ms");
        yield return new($"allocated to decode {count:N0} task states, compact",
            (double)Measurement.AllocatedBytes(() => StateDocument.Read(run.Flow, document, ReadingOptions.Default)) / count, "bytes a task");
    }

    // Tests for linear cost: the ratio is to a hundredth of the tasks.
    private static IEnumerable<Measurement> Large(int count)
    {
        var perTask = new double[2];
        foreach (var (tasks, index) in new[] { (count / 100, 0), (count, 1) })
        {
            var run = MakeRun(tasks);
            var time = Measurement.Time(() => FlowStateReader.Read(run.Flow, FlowStateWriter.Write(run)));
            perTask[index] = time.TotalMicroseconds / tasks;
        }

        yield return new($"encode and decode {count:N0} task states", perTask[1], "µs a task", Ratio: perTask[1] / perTask[0]);
    }

    private static FlowState MakeRun(int count) => StepRunner.Run(FlowState.New(Shapes.Chain(count)), new());

    private static void RunInSteps(Flows.Flow flow)
    {
        var budget = new StepBudget { MaxTasks = 1 };
        var run = FlowState.New(flow);
        while (run.HasPending)
        {
            var document = FlowStateWriter.Write(StepRunner.Run(run, new() { Budget = budget, ResetCancelled = true }));
            run = FlowStateReader.Read(flow, document).Run;
        }
    }
}
