// Azurite, until standard input is closed: so it ends with those who started it, however they end. Takes Azurite's own options.
process.stdin.on('end', () => process.exit()).resume();
require('azurite/dist/src/azurite');
