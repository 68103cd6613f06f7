"use strict";
// Asks both files of rules, offline, who may do what; ends with 1 where an answer is not the expected one.
//
// usage: node rules.test.js [database.rules.json] [storage.rules]

const fs = require("node:fs");
const path = require("node:path");
const targaryen = require("targaryen");
const storageRules = require("./storage_rules");

const NOW = Date.now();
const LARGEST_BYTES = 52428800;
const EXTENSIONS = {
  csv: ["csv", "text/csv"],
  png: ["png", "image/png"],
  skops: ["skops", "application/octet-stream"],
  joblib: ["joblib", "application/octet-stream"],
  pdf: ["pdf", "application/pdf"],
  html: ["html", "text/html"],
  json: ["json", "application/json"],
  project: ["pythie", "application/zip"],
};

const OLD = "0".repeat(32);
const NEW = "0123456789abcdef".repeat(2);
const HASH = "a".repeat(64);

const ada = { uid: "ada", token: { email_verified: true } };
const adaUnconfirmed = { uid: "ada", token: { email_verified: false } };
const adaUnsaid = { uid: "ada", token: {} };
const bob = { uid: "bob", token: { email_verified: true } };
const nobody = null;
const strangers = { nobody, bob };

const cases = [];
const allowed = (name, ask) => cases.push({ name, ask, expected: true });
const refused = (name, ask) => cases.push({ name, ask, expected: false });

// The database: who

const databaseFile = process.argv[2] || path.join(__dirname, "database.rules.json");
const databaseRules = targaryen.ruleset(JSON.parse(fs.readFileSync(databaseFile, "utf8")));

function record(changes = {}, id = NEW) {
  const kind = changes.kind || "csv";
  const [extension] = EXTENSIONS[kind] || [kind];
  const whole = {
    name: "Cars by weight",
    kind,
    page: "visualize",
    size: 1234,
    sha256: HASH,
    created_at: NOW - 1000,
    path: `users/ada/${id}.${extension}`,
    ...changes,
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
}

function as(auth) {
  const ofAda = { artifacts: { [OLD]: record({ meta: "{}" }, OLD) } };
  const ofBob = { artifacts: { [OLD]: record({ path: `users/bob/${OLD}.csv` }) } };
  const kept = { users: { ada: ofAda, bob: ofBob } };
  return targaryen.database(databaseRules, kept, NOW).as(auth);
}

const list = "/users/ada/artifacts";
const old = `${list}/${OLD}`;
const fresh = `${list}/${NEW}`;
const put = (auth, where, value) => () => as(auth).write(where, value).allowed;
const patch = (auth, where, value) => () => as(auth).update(where, value).allowed;
const get = (auth, where) => () => as(auth).read(where).allowed;

for (const where of ["/users/ada", list, old, `${old}/name`]) {
  allowed(`database: ada reads ${where}`, get(ada, where));
  allowed(`database: ada reads ${where} before her address is confirmed`, get(adaUnconfirmed, where));
  for (const [name, auth] of Object.entries(strangers))
    refused(`database: ${name} reads ${where}`, get(auth, where));
}
for (const where of ["/", "/users", "/users/bob", "/elsewhere"]) {
  refused(`database: ada reads ${where}`, get(ada, where));
  refused(`database: nobody reads ${where}`, get(nobody, where));
  refused(`database: ada writes ${where}`, put(ada, where, { ada: 1 }));
  refused(`database: nobody writes ${where}`, put(nobody, where, { ada: 1 }));
  refused(`database: ada deletes ${where}`, put(ada, where, null));
}

allowed("database: ada adds a record", put(ada, fresh, record()));
allowed("database: ada adds a record with meta", put(ada, fresh, record({ meta: "x".repeat(8000) })));
allowed("database: ada adds the same record again", put(ada, old, record({ meta: "{}" }, OLD)));
refused("database: ada adds a record before her address is confirmed", put(adaUnconfirmed, fresh, record()));
refused("database: ada adds a record by a token that says nothing of it", put(adaUnsaid, fresh, record()));
allowed("database: ada renames", put(ada, `${old}/name`, "Another name"));
allowed("database: ada renames by a patch", patch(ada, old, { name: "Another name" }));
refused(
  "database: ada renames before her address is confirmed",
  put(adaUnconfirmed, `${old}/name`, "Another name"),
);
for (const [name, auth] of Object.entries(strangers)) {
  refused(`database: ${name} adds a record for ada`, put(auth, fresh, record()));
  refused(`database: ${name} renames`, put(auth, `${old}/name`, "Another name"));
  refused(`database: ${name} deletes a record`, put(auth, old, null));
  refused(`database: ${name} deletes all`, put(auth, list, null));
  refused(`database: ${name} patches the list`, patch(auth, list, { [OLD]: null }));
}
for (const [when, auth] of Object.entries({ "": ada, " before her address is confirmed": adaUnconfirmed })) {
  allowed(`database: ada deletes a record${when}`, put(auth, old, null));
  allowed(`database: ada deletes all${when}`, put(auth, list, null));
}
refused("database: ada writes beside her list", put(ada, "/users/ada/profile", { admin: true }));
refused(
  "database: ada replaces all that is hers",
  put(ada, "/users/ada", { artifacts: { [NEW]: record() } }),
);
refused("database: ada replaces her list by another", put(ada, list, { [NEW]: record() }));
refused("database: ada replaces her list by a word", put(ada, list, "mine"));
refused("database: ada deletes the room of her account", put(ada, "/users/ada", null));

// The database: what

for (const kind of Object.keys(EXTENSIONS)) {
  allowed(`database: a ${kind}`, put(ada, fresh, record({ kind })));
  const wrong = `users/ada/${NEW}.${kind === "csv" ? "png" : "csv"}`;
  refused(`database: a ${kind} under another extension`, put(ada, fresh, record({ kind, path: wrong })));
}
refused(
  "database: a project under the name of its kind",
  put(ada, fresh, record({ kind: "project", path: `users/ada/${NEW}.project` })),
);

const refusedValues = {
  name: ["", "x".repeat(241), 5, true, { a: "b" }, undefined],
  kind: [
    "exe",
    "pickle",
    "pkl",
    "pptx",
    "ipynb",
    "onnx",
    "zip",
    "pythie",
    "",
    "CSV",
    "csv ",
    "xcsv",
    "csvx",
    5,
    undefined,
  ],
  page: ["x".repeat(41), 5, { a: "b" }, undefined],
  size: [0, -1, LARGEST_BYTES + 1, 1e12, "12", true, undefined],
  sha256: [
    "",
    "a".repeat(63),
    "a".repeat(65),
    "A".repeat(64),
    "g".repeat(64),
    ` ${HASH}`,
    `${HASH} `,
    5,
    undefined,
  ],
  created_at: [0, -1, NOW + 3600_000, "yesterday", true, undefined],
  path: [
    "",
    "x",
    `users/bob/${NEW}.csv`,
    `users/ada/${OLD}.csv`,
    `users/ada/../bob/${NEW}.csv`,
    `users/ada/${NEW}`,
    `users/ada/${NEW}.csv/more`,
    `/users/ada/${NEW}.csv`,
    5,
    undefined,
  ],
  meta: ["x".repeat(8001), 5, true, { a: "b" }],
  more: ["a field that nothing asks for", 1, true, { admin: true }],
  owner: ["ada"],
};
for (const [field, values] of Object.entries(refusedValues)) {
  for (const value of values) {
    const shown = value === undefined ? "missing" : JSON.stringify(value).slice(0, 40);
    refused(`database: a record with ${field} ${shown}`, put(ada, fresh, record({ [field]: value })));
  }
}
const allowedValues = {
  name: ["x", "x".repeat(240), "🦉".repeat(120), "../../etc/passwd", "<b>CON</b>", "é\u202E\u0000ù"],
  page: ["", "x".repeat(40)],
  size: [1, LARGEST_BYTES],
  created_at: [1, NOW],
  sha256: ["0123456789abcdef".repeat(4)],
  meta: ["", "{}"],
};
for (const [field, values] of Object.entries(allowedValues)) {
  for (const value of values) {
    allowed(
      `database: a record with ${field} ${JSON.stringify(value).slice(0, 40)}`,
      put(ada, fresh, record({ [field]: value })),
    );
  }
}
for (const id of [
  "x",
  "0".repeat(31),
  "0".repeat(33),
  `${"0".repeat(31)}G`,
  "A".repeat(32),
  `${OLD}x`,
  "profile",
]) {
  refused(`database: a record under the id ${id}`, put(ada, `${list}/${id}`, record({}, id)));
}
const others = {
  kind: "png",
  page: "train",
  size: 99,
  sha256: "b".repeat(64),
  created_at: NOW - 5000,
  path: `users/ada/${NEW}.csv`,
};
for (const [field, value] of Object.entries(others)) {
  refused(`database: ada changes the ${field} of a record`, put(ada, `${old}/${field}`, value));
  refused(`database: ada patches the ${field} of a record`, patch(ada, old, { [field]: value }));
}
const png = { kind: "png", path: `users/ada/${OLD}.png` };
refused("database: ada changes the kind of a record with its path", patch(ada, old, png));
for (const field of ["name", "kind", "page", "size", "sha256", "created_at", "path"]) {
  refused(`database: ada deletes the ${field} of a record`, put(ada, `${old}/${field}`, null));
}
allowed("database: ada deletes the meta of a record", put(ada, `${old}/meta`, null));
refused("database: a record that is a word", put(ada, fresh, "mine"));
refused("database: a record that is a list", put(ada, fresh, ["mine"]));

// The objects: who

const storageFile = process.argv[3] || path.join(__dirname, "storage.rules");
const storageAllows = storageRules.read(fs.readFileSync(storageFile, "utf8"));
const BUCKET = "b/demo-mlp.firebasestorage.app/o";

function access(method, auth, where, resource = null, before = null) {
  return () => storageAllows({ method, path: `${BUCKET}/${where}`, auth, resource, before });
}

const object = `users/ada/${NEW}.csv`;
const csv = { size: 1234, contentType: "text/csv" };
const methods = { get: [null, csv], list: [], create: [csv], update: [csv, csv], delete: [null, csv] };
const folders = ["users/ada", "users/ada/deeper"];

allowed("objects: ada reads", access("get", ada, object, null, csv));
allowed(
  "objects: ada reads before her address is confirmed",
  access("get", adaUnconfirmed, object, null, csv),
);
allowed("objects: ada adds", access("create", ada, object, csv));
refused("objects: ada adds before her address is confirmed", access("create", adaUnconfirmed, object, csv));
refused("objects: ada adds by a token that says nothing of it", access("create", adaUnsaid, object, csv));
refused("objects: ada adds over what is there", access("create", ada, object, csv, csv));
refused("objects: ada changes what is there", access("update", ada, object, csv, csv));
allowed("objects: ada deletes", access("delete", ada, object, null, csv));
allowed(
  "objects: ada deletes before her address is confirmed",
  access("delete", adaUnconfirmed, object, null, csv),
);
for (const folder of folders) {
  allowed(`objects: ada lists ${folder}`, access("list", ada, folder));
  for (const [name, auth] of Object.entries(strangers))
    refused(`objects: ${name} lists ${folder}`, access("list", auth, folder));
}
for (const [method, given] of Object.entries(methods)) {
  for (const [name, auth] of Object.entries(strangers)) {
    refused(`objects: ${name} may not ${method} what is ada's`, access(method, auth, object, ...given));
  }
  for (const where of [
    "",
    "users",
    `users/bob/${NEW}.csv`,
    `other/ada/${NEW}.csv`,
    `ada/${NEW}.csv`,
    `${NEW}.csv`,
  ]) {
    refused(`objects: ada may not ${method} ${where || "the root"}`, access(method, ada, where, ...given));
    refused(`objects: nobody may ${method} ${where || "the root"}`, access(method, nobody, where, ...given));
  }
  if (method !== "list") {
    refused(
      `objects: ada may not ${method} deeper`,
      access(method, ada, `users/ada/deeper/${NEW}.csv`, ...given),
    );
    refused(`objects: ada may not ${method} her folder`, access(method, ada, "users/ada", ...given));
  }
}

// The objects: what

for (const [kind, [extension, contentType]] of Object.entries(EXTENSIONS)) {
  const where = `users/ada/${NEW}.${extension}`;
  allowed(`objects: a ${kind}`, access("create", ada, where, { size: 1, contentType }));
  allowed(
    `objects: a ${kind} as large as can be`,
    access("create", ada, where, { size: LARGEST_BYTES, contentType }),
  );
  refused(
    `objects: a ${kind} that is larger`,
    access("create", ada, where, { size: LARGEST_BYTES + 1, contentType }),
  );
  refused(`objects: a ${kind} that is empty`, access("create", ada, where, { size: 0, contentType }));
  for (const other of [
    "text/plain",
    "image/svg+xml",
    "",
    `${contentType}; charset=utf-8`,
    contentType.toUpperCase(),
  ]) {
    refused(`objects: a ${kind} as ${other}`, access("create", ada, where, { size: 1, contentType: other }));
  }
  refused(`objects: a ${kind} without a content type`, access("create", ada, where, { size: 1 }));
  for (const [, [, foreign]] of Object.entries(EXTENSIONS)) {
    if (foreign !== contentType) {
      refused(
        `objects: a ${kind} as ${foreign}`,
        access("create", ada, where, { size: 1, contentType: foreign }),
      );
    }
  }
  for (const id of [
    "x",
    "0".repeat(31),
    "0".repeat(33),
    "A".repeat(32),
    "g".repeat(32),
    `x${NEW}`,
    `${NEW}.x`,
  ]) {
    const misnamed = `users/ada/${id}.${extension}`;
    refused(`objects: a ${kind} under ${id}`, access("create", ada, misnamed, { size: 1, contentType }));
  }
  for (const name of [
    NEW,
    `${NEW}x${extension}`,
    `${NEW}.${extension}.exe`,
    `${NEW}.${extension.toUpperCase()}`,
  ]) {
    refused(
      `objects: a ${kind} under ${name}`,
      access("create", ada, `users/ada/${name}`, { size: 1, contentType }),
    );
  }
}
for (const extension of ["exe", "pkl", "pickle", "svg", "zip", "js", "project", "xlsx"]) {
  for (const contentType of new Set(Object.values(EXTENSIONS).map(([, type]) => type))) {
    const where = `users/ada/${NEW}.${extension}`;
    refused(
      `objects: a ${extension} as ${contentType}`,
      access("create", ada, where, { size: 1, contentType }),
    );
  }
}

const wrong = cases.filter(({ ask, expected }) => ask() !== expected);
for (const { name, expected } of wrong) console.log(`${expected ? "refused" : "ALLOWED"}: ${name}`);
console.log(`${cases.length - wrong.length} of ${cases.length} answers of the rules are as expected.`);
process.exit(wrong.length ? 1 : 0);
