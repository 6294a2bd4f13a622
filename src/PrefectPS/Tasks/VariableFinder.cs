namespace PrefectPS.Tasks;

/// <summary>Finds a variable of the caller.</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value.</param>
/// <returns>Whether there is such a variable.</returns>
internal delegate bool VariableFinder(string name, out object? value);
