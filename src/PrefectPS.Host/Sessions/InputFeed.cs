using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;

namespace PrefectPS.Host.Sessions;

/// <summary>Writes the lines of standard input to a pipeline, on a thread of its own: a waiting read cannot hold up the script.</summary>
internal static class InputFeed
{
    public static void Start(PipelineWriter input) =>
        new Thread(() => Feed(input)) { IsBackground = true, Name = "Standard input" }.Start();

    private static void Feed(PipelineWriter input)
    {
        try
        {
            using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            while (reader.ReadLine() is { } line)
                input.Write(line);
            input.Close();
        }
        catch (PipelineClosedException)
        {
            // The script ended before its input did.
        }
    }
}
