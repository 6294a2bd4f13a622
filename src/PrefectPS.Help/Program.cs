namespace PrefectPS.Help;

internal static class Program
{
    private const string Usage = "usage: PrefectPS.Help <folder of pages> <module assembly> <help file> [<assembly it refers to> ...]";

    private static int Main(string[] args)
    {
        if (args is not [var pages, var module, var output, .. var references])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var faults = HelpBuilder.Build(pages, module, references, output);
        foreach (var fault in faults)
            Console.Error.WriteLine(fault);
        return faults.Count == 0 ? 0 : 1;
    }
}
