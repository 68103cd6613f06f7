"use strict";
// Starts firebase-tools' own Auth and Storage servers in one process, beside the stand-in for the database.
//
// usage: node emulators.js [READY_FILE]      says where they listen, as JSON, there or on the screen, once all answer
//
// The command line of firebase-tools would fetch Java programs for Storage's rules and for the database.
// Here storage_rules.js and targaryen evaluate the same files of rules instead.

const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

const HOST = "127.0.0.1";
const PROJECT = "demo-mlp";
const LOOK_MILLISECONDS = 500;

// Before firebase-tools is loaded: it keeps uploads and its settings in folders that all its runs would share.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "firebase-"));
for (const name of ["TMPDIR", "TEMP", "TMP", "XDG_CONFIG_HOME"]) process.env[name] = folder;

const { AuthEmulator } = require("firebase-tools/lib/emulator/auth");
const { EmulatorRegistry } = require("firebase-tools/lib/emulator/registry");
const { StorageEmulator } = require("firebase-tools/lib/emulator/storage");
const { StorageRulesIssues } = require("firebase-tools/lib/emulator/storage/rules/runtime");
const database = require("./database");
const { identityOf } = require("./identity");
const storageRules = require("./storage_rules");

/** What firebase-tools asks before each access to an object, in place of its Java program. */
class RulesRuntime {
  async start() {}

  async stop() {}

  async loadRuleset({ files: [{ content }] }) {
    const allows = storageRules.read(content);
    const verify = async ({ method, path: where, token, file }) => {
      const { before = null, after = null } = file || {};
      const request = {
        method,
        path: where,
        auth: token ? identityOf(token) : null,
        resource: after && { ...after, size: Number(after.size) },
        before,
      };
      return { permitted: allows(request), issues: new StorageRulesIssues() };
    };
    return { ruleset: { rulesVersion: 2, verify }, issues: new StorageRulesIssues() };
  }
}

async function main(readyFile) {
  const [authPort, storagePort, databasePort] = await freePorts(3);
  const auth = new AuthEmulator({ host: HOST, port: authPort, projectId: PROJECT, singleProjectMode: 0 });
  await EmulatorRegistry.start(auth);
  await protectAddresses(authPort);
  const storage = await startStorage(storagePort);
  await database.serve({
    rulesFile: path.join(__dirname, "database.rules.json"),
    host: HOST,
    port: databasePort,
  });

  const stop = async () => {
    await Promise.allSettled([storage.stop(), auth.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, stop);
  // Whoever started us may be killed without a word.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), LOOK_MILLISECONDS);

  const hosts = {
    project: PROJECT,
    auth: at(authPort),
    storage: at(storagePort),
    database: at(databasePort),
  };
  if (!readyFile) return console.log(JSON.stringify(hosts));
  fs.writeFileSync(`${readyFile}.partial`, JSON.stringify(hosts));
  fs.renameSync(`${readyFile}.partial`, readyFile);
}

async function startStorage(port) {
  const file = path.join(__dirname, "storage.rules");
  const rules = { name: file, content: fs.readFileSync(file, "utf8") };
  const storage = new StorageEmulator({ host: HOST, port, projectId: PROJECT, rules, auto_download: false });
  storage._rulesRuntime = new RulesRuntime();
  storage._rulesManager = storage.createRulesManager(rules);
  await EmulatorRegistry.start(storage);
  return storage;
}

/** Answer alike for known and unknown addresses, as new projects do and the set-up guide asks. */
async function protectAddresses(port) {
  const config = `http://${at(port)}/identitytoolkit.googleapis.com/v2/projects/${PROJECT}/config`;
  const answer = await fetch(`${config}?updateMask=emailPrivacyConfig`, {
    method: "PATCH",
    headers: { authorization: "Bearer owner", "content-type": "application/json" },
    body: JSON.stringify({ emailPrivacyConfig: { enableImprovedEmailPrivacy: true } }),
  });
  if (!answer.ok) throw new Error(`the Auth emulator refused its settings: ${answer.status}`);
}

/** Return ports that are free now; all are held until the last is known, so that no two are the same. */
async function freePorts(count) {
  const probes = Array.from({ length: count }, () => net.createServer());
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.listen(0, HOST, resolve))));
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}

function at(port) {
  return `${HOST}:${port}`;
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  fs.rmSync(folder, { recursive: true, force: true });
  process.exit(1);
});
