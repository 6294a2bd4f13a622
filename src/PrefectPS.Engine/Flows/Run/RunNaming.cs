namespace PrefectPS.Flows;

/// <summary>How much what a run was read from says of which run it is.</summary>
public enum RunNaming
{
    /// <summary>All that is known of the run.</summary>
    Whole,

    /// <summary>Its id, step and start. Of a run on record, the record has the rest.</summary>
    Step,

    /// <summary>Nothing; someone has chosen the id. Of a run on record, the record has the rest.</summary>
    Id,

    /// <summary>Nothing: it has a new id each time it is read, so that no later step would find it on record.</summary>
    None,
}
