// The Firebase storage emulator alone, on the port that is given, until standard input is closed.
process.stdin.on('end', () => process.exit()).resume();

const { Emulators } = require('firebase-tools/lib/emulator/types');
const { EmulatorRegistry } = require('firebase-tools/lib/emulator/registry');
const { StorageEmulator } = require('firebase-tools/lib/emulator/storage');
const { createApp } = require('firebase-tools/lib/emulator/storage/server');

const [, , port] = process.argv;
const projectId = 'demo-prefectps';
const emulator = new StorageEmulator({ host: '127.0.0.1', port: Number(port), projectId, rules: { name: 'storage.rules', content: '' }, auto_download: false });
EmulatorRegistry.set(Emulators.STORAGE, emulator);
createApp(projectId, emulator).then(app => app.listen(Number(port), '127.0.0.1'));
