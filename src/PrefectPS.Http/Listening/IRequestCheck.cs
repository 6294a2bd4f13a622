namespace PrefectPS.Http.Listening;

/// <summary>Tells whether a request comes from one who may send it.</summary>
public interface IRequestCheck
{
    /// <summary>Whether the headers alone tell who sends a request. Else its body is read before that is known.</summary>
    bool KnowsByHeaders { get; }

    /// <summary>Looks at a request's headers, before its body is read.</summary>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the request may be read.</returns>
    ValueTask<bool> MayReadAsync(Func<string, string?> header, CancellationToken cancellationToken);

    /// <summary>Looks at the whole request.</summary>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    /// <param name="body">The body.</param>
    /// <returns>Whether the request may be answered.</returns>
    bool MayAnswer(Func<string, string?> header, byte[] body);

    /// <summary>Who has sent a request that may be read, where the check shows it; null where it does not.</summary>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    string? CallerOf(Func<string, string?> header);

    /// <summary>An id of a request that may be answered, the same when the very request is sent again; null where the check cannot tell.</summary>
    /// <param name="header">Gives a header's value; null where there is none.</param>
    string? IdOf(Func<string, string?> header);
}
