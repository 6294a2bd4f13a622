using System.Text;
using Microsoft.Win32.SafeHandles;
using PrefectPS.Host.Sessions;

namespace PrefectPS.Host.Terminal;

/// <summary>Standard output and error of the process: UTF-8 without a byte order mark, written through at once.</summary>
internal static class StandardStreams
{
    private const int BrokenPipe = 32;
    private const int PipeSignal = 13;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Gives <see cref="Console"/> its writers. When the reader of standard output is gone, the script is asked to end, with the status
    /// of a program that SIGPIPE ends; when it cannot be written for another reason, that is said once.
    /// </summary>
    public static void Open(Interruption interruption)
    {
        Console.OutputEncoding = Utf8;
        Console.SetOut(CreateWriter(new GuardedStream(OpenOutput(), failure => OnOutputFailed(failure, interruption))));
        Console.SetError(CreateWriter(new GuardedStream(Console.OpenStandardError(), static _ => { })));
    }

    // Console's own stream hides a broken pipe, and a script would go on writing to no one. A FileStream tells. It keeps a position of
    // its own, though, so a file shared with child processes stays with Console's stream.
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();

        var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }

    private static StreamWriter CreateWriter(Stream stream) => new(stream, Utf8, bufferSize: 4096) { AutoFlush = true };

    private static void OnOutputFailed(Exception failure, Interruption interruption)
    {
        if (failure.HResult == BrokenPipe)
        {
            interruption.Request(ExitCode.ForSignal(PipeSignal));
            return;
        }

        Console.Error.WriteLine($"prefectps: standard output cannot be written: {failure.Message}");
        interruption.Request(ExitCode.OutputFailed);
    }
}
