$flow = New-Flow 'a "nightly" import' {
    task list { 'A', 'B' }
    task load { param($file) if ($file -eq 'B') { throw 'no B today' }; $file } -Map @{ file = 'list' }
    task mail { 'sent' } -After load
}

function Read-Diagram($File) { [IO.File]::ReadAllText($File) }

Scenario 'a flow is put out in Mermaid' {
    Assert-Equal (@(
            'graph TD'
            '    t1(["list"])'
            '    t2["load #60;map#62;"]'
            '    t3(["mail"])'
            '    t1 -.->|"file"| t2'
            '    t2 --> t3'
            ''
        ) -join "`n") ($flow | Export-FlowDiagram)
    Assert-Like 'graph LR*' (Export-FlowDiagram $flow -Horizontal)
}

Scenario 'a run is drawn with its children in the colours of their states' {
    $run = Invoke-Flow $flow
    $diagram = $run | Export-FlowDiagram
    Assert-Like '*t2_0[[]"load #60;map#62;"]*t1 -.->|"file"| t2_1*classDef Success fill:#28a74580,stroke:#28a745*class t1,t2_0 Success*class t2_1 Failed*' $diagram
    Assert-Equal $diagram (Export-FlowDiagram $flow -State $run)
    Assert-Like '*t2_1 [[]label="load <map>" color="#eb000080" colorscheme=svg shape=box style=filled]*' (Export-FlowDiagram $run -Format Dot)
}

Scenario 'many children are drawn as one for each state' {
    $run = Invoke-Flow $flow
    Assert-Like '*t2_Success[[]"load #60;map#62; #40;1#41;"]*t2_Failed*' ($run | Export-FlowDiagram -MaxChildren 1)
}

Scenario 'the extension of the file says the language' {
    $folder = Get-ScenarioFolder
    foreach ($pair in ('svg', '<svg *'), ('dot', 'digraph {*'), ('gv', 'digraph {*'), ('mmd', 'graph TD*'), ('md', "???mermaid`ngraph TD*`n???`n")) {
        $file = "$folder/flow.$($pair[0])"
        Assert-Equal $null ($flow | Export-FlowDiagram -Path $file)
        Assert-Like $pair[1] (Read-Diagram $file)
    }

    Assert-Error FlowExportFailed { $flow | Export-FlowDiagram -Path "$folder/flow.png" }
    $flow | Export-FlowDiagram -Path "$folder/flow.png" -Format Svg
    Assert-Like '<svg *' (Read-Diagram "$folder/flow.png")
}

Scenario 'in a folder the file is named after the flow and the run' {
    $folder = Get-ScenarioFolder
    Assert-Equal 'a %22nightly%22 import.svg' ($flow | Export-FlowDiagram -Path $folder -Format Svg -PassThru).Name
    $run = Invoke-Flow $flow
    Assert-Equal "a %22nightly%22 import $($run.RunId).mmd" ($run | Export-FlowDiagram -Path $folder -PassThru).Name
}

Scenario 'nothing is written with -WhatIf, and nothing is replaced with -NoClobber' {
    $file = "$(Get-ScenarioFolder)/flow.svg"
    $flow | Export-FlowDiagram -Path $file -WhatIf
    Assert-True (-not [IO.File]::Exists($file)) 'no file is there'
    [IO.File]::WriteAllText($file, 'mine')
    Assert-Error FlowExportFailed { $flow | Export-FlowDiagram -Path $file -NoClobber }
    Assert-Equal 'mine' (Read-Diagram $file)
}

Scenario 'a flow inside a task is drawn in it, and alone' {
    $inner = New-Flow inner { task first { 1 }; task second { 2 } -After first }
    $outer = New-Flow outer { task before { 0 }; task whole -Subflow $inner -After before }
    Assert-Like '*subgraph t2[[]"whole"]*t2t1(*"first"*t2t1 --> t2t2*end*t1 --> t2t1*' ($outer | Export-FlowDiagram)
    Assert-Equal ($inner | Export-FlowDiagram) ($outer | Get-FlowTask whole | Export-FlowDiagram)
    Assert-Like '*class t1,t2 Success*' (Invoke-Flow $outer | Get-FlowTask whole | Export-FlowDiagram)
}

Scenario 'what is neither a flow nor a run, or a run of another flow, is an error' {
    Assert-Error FlowRequired { 'text' | Export-FlowDiagram }
    $other = New-Flow other { task else { } } | Invoke-Flow
    Assert-Error FlowStateInvalid { Export-FlowDiagram $flow -State $other }
}
