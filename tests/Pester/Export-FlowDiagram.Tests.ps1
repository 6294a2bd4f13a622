BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Export-FlowDiagram' {
    BeforeEach {
        $folder = New-TestFolder
        $flow = New-Flow 'a "nightly" import' {
            task list { 'A', 'B' }
            task load { param($file) if ($file -eq 'B') { throw 'no B today' }; $file } -Map @{ file = 'list' }
            task mail { 'sent' } -After load
        }
    }

    It 'a flow is put out in Mermaid' {
        $flow | Export-FlowDiagram | Should -BeStrictly (@(
                'graph TD'
                '    t1(["list"])'
                '    t2["load #60;map#62;"]'
                '    t3(["mail"])'
                '    t1 -.->|"file"| t2'
                '    t2 --> t3'
                ''
            ) -join "`n")
        Export-FlowDiagram $flow -Horizontal | Should -BeLikeExactly 'graph LR*'
    }

    It 'a run is drawn with its children in the colours of their states' {
        $run = Invoke-Flow $flow
        $diagram = $run | Export-FlowDiagram
        $diagram |
            Should -BeLikeExactly '*t2_0[[]"load #60;map#62;"]*t1 -.->|"file"| t2_1*classDef Success fill:#28a74580,stroke:#28a745*class t1,t2_0 Success*class t2_1 Failed*'
        Export-FlowDiagram $flow -State $run | Should -BeStrictly $diagram
        Export-FlowDiagram $run -Format Dot |
            Should -BeLikeExactly '*t2_1 [[]label="load <map>" color="#eb000080" colorscheme=svg shape=box style=filled]*'
    }

    It 'many children are drawn as one for each state' {
        $run = Invoke-Flow $flow
        $run | Export-FlowDiagram -MaxChildren 1 | Should -BeLikeExactly '*t2_Success[[]"load #60;map#62; #40;1#41;"]*t2_Failed*'
    }

    It 'the extension of the file says the language: <Extension>' -ForEach @(
        @{ Extension = 'svg'; Like = '<svg *' }
        @{ Extension = 'dot'; Like = 'digraph {*' }
        @{ Extension = 'gv'; Like = 'digraph {*' }
        @{ Extension = 'mmd'; Like = 'graph TD*' }
        @{ Extension = 'md'; Like = "???mermaid`ngraph TD*`n???`n" }
    ) {
        $file = "$folder/flow.$Extension"
        $flow | Export-FlowDiagram -Path $file | Should -Be $null
        Get-Content $file -Raw -Encoding utf8 | Should -BeLikeExactly $Like
    }

    It 'with an extension of no language the language has to be given' {
        { $flow | Export-FlowDiagram -Path "$folder/flow.png" } | Should -Throw -ErrorId 'FlowExportFailed,*'
        $flow | Export-FlowDiagram -Path "$folder/flow.png" -Format Svg
        Get-Content "$folder/flow.png" -Raw -Encoding utf8 | Should -BeLikeExactly '<svg *'
    }

    It 'in a folder the file is named after the flow and the run' {
        ($flow | Export-FlowDiagram -Path $folder -Format Svg -PassThru).Name | Should -BeExactly 'a %22nightly%22 import.svg'
        $run = Invoke-Flow $flow
        ($run | Export-FlowDiagram -Path $folder -PassThru).Name | Should -BeExactly "a %22nightly%22 import $($run.RunId).mmd"
    }

    It 'nothing is written with -WhatIf, and nothing is replaced with -NoClobber' {
        $file = "$($folder)/flow.svg"
        $flow | Export-FlowDiagram -Path $file -WhatIf
        $file | Should -Not -Exist -Because 'no file is there'
        Set-Content -LiteralPath $file 'mine' -NoNewline
        { $flow | Export-FlowDiagram -Path $file -NoClobber } | Should -Throw -ErrorId 'FlowExportFailed,*'
        Get-Content $file -Raw -Encoding utf8 | Should -BeExactly 'mine'
    }

    It 'a flow inside a task is drawn in it, and alone' {
        $inner = New-Flow inner { task first { 1 }; task second { 2 } -After first }
        $outer = New-Flow outer { task before { 0 }; task whole -Subflow $inner -After before }
        $outer | Export-FlowDiagram | Should -BeLikeExactly '*subgraph t2[[]"whole"]*t2t1(*"first"*t2t1 --> t2t2*end*t1 --> t2t1*'
        $outer | Get-FlowTask whole | Export-FlowDiagram | Should -BeStrictly ($inner | Export-FlowDiagram)
        Invoke-Flow $outer | Get-FlowTask whole | Export-FlowDiagram | Should -BeLikeExactly '*class t1,t2 Success*'
    }

    It 'what is neither a flow nor a run, or a run of another flow, is an error' {
        { 'text' | Export-FlowDiagram } | Should -Throw -ErrorId 'FlowRequired,*'
        $other = New-Flow other { task else { } } | Invoke-Flow
        { Export-FlowDiagram $flow -State $other } | Should -Throw -ErrorId 'FlowStateInvalid,*'
    }
}
