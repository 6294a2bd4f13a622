using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PrefectPS.Host.Terminal;

/// <summary>Reads what someone types. A read ends at once when the script is interrupted.</summary>
internal sealed class ConsoleReader(bool canPrompt, CancellationToken interrupted)
{
    /// <exception cref="HostException">There is no one to ask.</exception>
    public void DemandSomeone()
    {
        if (!canPrompt)
        {
            throw new HostException(
                "prefectps cannot ask for input here: standard input is not a terminal, or -NonInteractive was given. " +
                "Give the value as an argument or on the pipeline.");
        }
    }

    public string ReadLine()
    {
        DemandSomeone();
        return Wait(Console.ReadLine) ?? throw new HostException("The input ended before there was an answer.");
    }

    public ConsoleKeyInfo ReadKey(bool isShown)
    {
        DemandSomeone();
        return Wait(() => Console.ReadKey(intercept: !isShown));
    }

    /// <summary>Reads a line that is not shown.</summary>
    public SecureString ReadSecret()
    {
        var secret = new SecureString();
        for (var key = ReadKey(isShown: false); key.Key != ConsoleKey.Enter; key = ReadKey(isShown: false))
        {
            if (key.Key != ConsoleKey.Backspace)
                secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
        }

        secret.MakeReadOnly();
        return secret;
    }

    private T Wait<T>(Func<T> read)
    {
        try
        {
            return Task.Run(read).WaitAsync(interrupted).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
