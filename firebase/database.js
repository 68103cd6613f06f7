"use strict";
// A stand-in for the Realtime Database over HTTP: a tree in memory, behind the real text of the rules.
//
// Google's own emulator is a Java program that only a download brings. Here targaryen decides by
// database.rules.json; the answers and their codes are those that the documentation of the REST API gives.

const crypto = require("node:crypto");
const fs = require("node:fs");
const http = require("node:http");
const targaryen = require("targaryen");
const { identityOf } = require("./identity");

const FORBIDDEN = /[.$#[\]/\x00-\x1f\x7f]/;
const LARGEST_BYTES = 16 << 20;
const INVALID_DATA = "Invalid data; couldn't parse JSON object, array, or value.";
const INVALID_KEY = "Invalid data; couldn't parse key. Key value can't be empty or contain $ # [ ] / or .";

/** Serve `rulesFile` on a port of this machine and return the server. */
function serve({ rulesFile, host, port }) {
  const rules = JSON.parse(fs.readFileSync(rulesFile, "utf8"));
  const store = new Store(rules);
  const server = http.createServer((request, response) => {
    const parts = [];
    let size = 0;
    request.on("data", (part) => {
      size += part.length;
      if (size <= LARGEST_BYTES) parts.push(part);
    });
    request.on("end", () => {
      const { status, body, headers } =
        size > LARGEST_BYTES
          ? answer(413, { error: "Data requested exceeds the maximum size." })
          : handle(store, request, Buffer.concat(parts));
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
      response.end(status === 204 ? undefined : JSON.stringify(body));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** The tree, and who may read and write it. */
class Store {
  constructor(rules) {
    this.source = rules;
    this.rules = targaryen.ruleset(rules);
    this.root = null;
  }

  /** A fresh look for each caller: targaryen would lend one caller's identity to the next anonymous one. */
  as(auth) {
    return targaryen.database(this.rules, this.root, Date.now()).as(auth);
  }

  at(segments) {
    const whole = targaryen.database(this.rules, this.root).root.$value();
    return segments.reduce((node, name) => (isTree(node) ? (node[name] ?? null) : null), whole);
  }

  keep(result) {
    this.root = result.newDatabase.root;
  }

  isIndexed(segments, key) {
    if (key === "$key") return true;
    let node = this.source.rules;
    for (const name of segments) {
      node =
        node &&
        (node[name] || node[Object.keys(node).find((one) => one.startsWith("$") && one !== "$other")]);
    }
    return Boolean(node) && [].concat(node[".indexOn"] || []).includes(key);
  }
}

function handle(store, request, content) {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.endsWith(".json")) {
    return answer(404, { error: "append .json to your request URI to use the REST API." });
  }
  const segments = segmentsOf(url.pathname.slice(1, -".json".length));
  if (!segments) return answer(400, { error: "Invalid path: Invalid token in path" });
  const token = url.searchParams.get("auth");
  const auth = token ? identityOf(token) : null;
  if (token && !auth) return answer(401, { error: "Auth token is expired or could not be parsed." });
  if (request.method === "GET") return read(store, segments, auth, url.searchParams, request.headers);
  return write(store, segments, auth, url.searchParams, request, content);
}

function read(store, segments, auth, query, headers) {
  const path = `/${segments.join("/")}`;
  if (!store.as(auth).read(path).allowed) return answer(401, { error: "Permission denied" });
  const found = store.at(segments);
  let shown = found;
  if (query.has("orderBy")) {
    const key = JSON.parse(query.get("orderBy"));
    if (!store.isIndexed(segments, key)) {
      return answer(400, {
        error: `Index not defined, add ".indexOn": "${key}", for path "${path}", to the rules`,
      });
    }
    if (isTree(found)) shown = ordered(found, key, query);
  }
  if (query.get("shallow") === "true" && isTree(shown)) {
    shown = Object.fromEntries(Object.keys(shown).map((name) => [name, true]));
  }
  return answer(200, shown, "x-firebase-etag" in headers ? { ETag: etagOf(found) } : {});
}

function write(store, segments, auth, query, request, content) {
  const { method, headers } = request;
  let given = null;
  if (method !== "DELETE") {
    try {
      given = JSON.parse(content);
    } catch {
      return answer(400, { error: INVALID_DATA });
    }
    if (hasForbiddenKey(given, method === "PATCH")) return answer(400, { error: INVALID_KEY });
  }
  const wanted = headers["if-match"];
  const found = store.at(segments);
  if (wanted && wanted !== etagOf(found)) return answer(412, found, { ETag: etagOf(found) });
  const path = `/${segments.join("/")}`;
  const database = store.as(auth);
  const attempts = {
    PUT: () => [database.write(path, prune(given)), given],
    DELETE: () => [database.write(path, null), null],
    POST: () => {
      const name = `-${crypto.randomBytes(14).toString("base64url")}`;
      return [database.write(`${path}/${name}`, prune(given)), { name }];
    },
    PATCH: () => {
      const changes = Object.entries(given).map(([name, value]) => [name, prune(value)]);
      return [database.update(path, Object.fromEntries(changes)), given];
    },
  };
  if (!attempts[method]) return answer(405, { error: "Method not allowed" });
  if (method === "PATCH" && !isTree(given)) return answer(400, { error: INVALID_DATA });
  const [result, reply] = attempts[method]();
  if (!result.allowed) return answer(401, { error: "Permission denied" });
  store.keep(result);
  return query.get("print") === "silent" ? answer(204, null) : answer(200, reply);
}

function ordered(tree, key, query) {
  const valueOf = ([name, child]) => (key === "$key" ? name : (child?.[key] ?? null));
  const asked = (name) => (query.has(name) ? JSON.parse(query.get(name)) : undefined);
  let entries = Object.entries(tree).sort((one, other) => {
    const [left, right] = [valueOf(one), valueOf(other)];
    if (left === right) return one[0] < other[0] ? -1 : 1;
    return left < right ? -1 : 1;
  });
  if (query.has("equalTo")) entries = entries.filter((entry) => valueOf(entry) === asked("equalTo"));
  if (query.has("startAt")) entries = entries.filter((entry) => valueOf(entry) >= asked("startAt"));
  if (query.has("endAt")) entries = entries.filter((entry) => valueOf(entry) <= asked("endAt"));
  if (query.has("limitToFirst")) entries = entries.slice(0, asked("limitToFirst"));
  if (query.has("limitToLast")) entries = entries.slice(-asked("limitToLast"));
  return Object.fromEntries(entries);
}

/** Return a value as the database keeps it: no null, no empty tree, the server's time filled in. */
function prune(value) {
  if (!isTree(value)) return value;
  if (value[".sv"] === "timestamp") return Date.now();
  const kept = Object.entries(value).map(([name, child]) => [name, prune(child)]);
  const whole = kept.filter(([, child]) => child !== null);
  return whole.length ? Object.fromEntries(whole) : null;
}

function hasForbiddenKey(value, isPatch = false) {
  if (!isTree(value) || ".sv" in value) return false;
  return Object.entries(value).some(([name, child]) => {
    const parts = isPatch ? name.split("/") : [name];
    return parts.some((part) => !part || FORBIDDEN.test(part)) || hasForbiddenKey(child);
  });
}

function segmentsOf(path) {
  try {
    const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
    return segments.some((name) => FORBIDDEN.test(name)) ? null : segments;
  } catch {
    return null;
  }
}

function etagOf(value) {
  return crypto.createHash("sha256").update(JSON.stringify(value)).digest("base64");
}

function isTree(value) {
  return value !== null && typeof value === "object";
}

function answer(status, body, headers = {}) {
  return { status, body, headers };
}

module.exports = { serve };
