BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'BeStrictly' {
    It 'what reads the same is equal' {
        1 | Should -BeStrictly 1
        $null | Should -BeStrictly $null
        [DayOfWeek]::Monday | Should -BeStrictly 'Monday'
        1, 'two', @(3, $null) | Should -BeStrictly 1, 'two', @(3, $null)
        @{ a = 1; b = @{ c = 2 } } | Should -BeStrictly ([ordered] @{ b = @{ c = 2 }; a = 1 })
        , @(7) | Should -BeStrictly @(7)
        @() | Should -BeStrictly @()
    }

    It 'the type, the case, the order and the depth matter' {
        1 | Should -Not -BeStrictly '1'
        'a' | Should -Not -BeStrictly 'A'
        $true | Should -Not -BeStrictly 'true'
        $null | Should -Not -BeStrictly ''
        1, 2 | Should -Not -BeStrictly 2, 1
        7 | Should -Not -BeStrictly @(7)
        , @(7) | Should -Not -BeStrictly 7
        @() | Should -Not -BeStrictly $null
        @{ a = @{ b = 1 } } | Should -Not -BeStrictly @{ a = @{ b = 2 } }
    }

    It 'the message has both values, and the reason' {
        { 1, 'two' | Should -BeStrictly 1, 2 -Because 'it counts' } | Should -Throw -PassThru |
            Should -BeLikeExactly "Expected strictly @(1, 2), because it counts, but got @(1, 'two')."
    }
}
