"use strict";
// Reads storage.rules and answers as it says, for the part of Firebase's language that the file uses.
//
// Google's own evaluator is a download; this reading of its documentation stands in for it. What it does not
// know it refuses to read, so that a rule is never passed over. A condition that fails while it is evaluated
// (a property of nobody, a size of nothing) allows nothing.

const METHODS = { read: ["get", "list"], write: ["create", "update", "delete"] };
const TOKEN = /\s*(?:('(?:[^'\\]|\\.)*')|(\d+)|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[-+*<>!.,;:(){}[\]=]))/y;
const NAMES = { true: true, false: false, null: null };

/** Return `allows(request)` of a rules text; `request` is `{method, path, auth, resource, before}`. */
function read(text) {
  const reader = new Reader(text.replace(/^\s*\/\/.*$/gm, ""));
  reader.expect("rules_version", "=", "'2'", ";", "service", "firebase", ".", "storage", "{");
  const root = reader.block();
  reader.expect("}");
  reader.end();
  return (request) => decide(root, segmentsOf(request.path), request, {});
}

function segmentsOf(path) {
  return path.split("/").filter(Boolean);
}

function decide(block, segments, request, outer) {
  const scope = { ...outer, ...block.functions };
  return block.matches.some((match) =>
    bindings(match.pattern, segments).some(({ names, rest }) => {
      const inner = { ...scope, ...names };
      const allowed =
        rest.length === 0 && match.body.allows.some((rule) => holds(rule, request, match.body, inner));
      return allowed || decide(match.body, rest, request, inner);
    }),
  );
}

/** Return each way in which a pattern fits the beginning of a path, with what is left of the path. */
function bindings(pattern, segments) {
  let ways = [{ names: {}, rest: segments }];
  for (const part of pattern) {
    const [, name, many] = /^\{(\w+)(=\*\*)?\}$/.exec(part) || [];
    ways = ways.flatMap(({ names, rest }) => {
      if (many) {
        return rest.concat(null).map((_, taken) => ({
          names: { ...names, [name]: rest.slice(0, taken).join("/") },
          rest: rest.slice(taken),
        }));
      }
      if (!rest.length || (!name && rest[0] !== part)) return [];
      return [{ names: name ? { ...names, [name]: rest[0] } : names, rest: rest.slice(1) }];
    });
  }
  return ways;
}

function holds(rule, request, block, scope) {
  if (!rule.methods.includes(request.method)) return false;
  const given = {
    ...scope,
    ...block.functions,
    request: { auth: request.auth, resource: request.resource, method: request.method },
    resource: request.before,
  };
  try {
    return rule.condition(given) === true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** What Firebase calls an error of evaluation: it refuses the request. */
class Refusal extends Error {}

class Reader {
  constructor(text) {
    this.text = text;
    this.position = 0;
  }

  next() {
    TOKEN.lastIndex = this.position;
    const found = TOKEN.exec(this.text);
    if (!found)
      throw new SyntaxError(
        `storage.rules: cannot read ${JSON.stringify(this.text.slice(this.position, this.position + 40))}`,
      );
    this.position = TOKEN.lastIndex;
    return found[1] || found[2] || found[3] || found[4];
  }

  peek() {
    const { position } = this;
    const token = this.text.slice(position).trim() ? this.next() : null;
    this.position = position;
    return token;
  }

  takes(token) {
    if (this.peek() !== token) return false;
    this.next();
    return true;
  }

  expect(...tokens) {
    for (const token of tokens) {
      const found = this.next();
      if (found !== token) throw new SyntaxError(`storage.rules: ${found} where ${token} is expected`);
    }
  }

  end() {
    if (this.text.slice(this.position).trim()) throw new SyntaxError("storage.rules: more than one service");
  }

  block() {
    const block = { functions: {}, matches: [], allows: [] };
    for (let word = this.peek(); word !== "}"; word = this.peek()) {
      this.next();
      if (word === "function") this.function(block);
      else if (word === "match") this.match(block);
      else if (word === "allow") this.allow(block);
      else throw new SyntaxError(`storage.rules: ${word} begins no rule`);
    }
    return block;
  }

  function(block) {
    const name = this.next();
    const parameters = [];
    this.expect("(");
    while (!this.takes(")")) {
      parameters.push(this.next());
      this.takes(",");
    }
    this.expect("{", "return");
    const body = this.expression();
    this.expect(";", "}");
    block.functions[name] = { parameters, body };
  }

  match(block) {
    const [whole, path] = /^\s*(\S+)/.exec(this.text.slice(this.position));
    this.position += whole.length;
    this.expect("{");
    block.matches.push({ pattern: segmentsOf(path), body: this.block() });
    this.expect("}");
  }

  allow(block) {
    const methods = [];
    do {
      const method = this.next();
      methods.push(...(METHODS[method] || [method]));
    } while (this.takes(","));
    this.expect(":", "if");
    block.allows.push({ methods, condition: this.expression() });
    this.expect(";");
  }

  expression() {
    let left = this.conjunction();
    while (this.takes("||")) {
      const [first, second] = [left, this.conjunction()];
      left = (scope) => truth(first(scope)) || truth(second(scope));
    }
    return left;
  }

  conjunction() {
    let left = this.comparison();
    while (this.takes("&&")) {
      const [first, second] = [left, this.comparison()];
      left = (scope) => truth(first(scope)) && truth(second(scope));
    }
    return left;
  }

  comparison() {
    const first = this.unary();
    const compare = COMPARISONS[this.peek()];
    if (!compare) return first;
    this.next();
    const second = this.unary();
    return (scope) => compare(first(scope), second(scope));
  }

  unary() {
    if (!this.takes("!")) return this.member();
    const inner = this.unary();
    return (scope) => !truth(inner(scope));
  }

  member() {
    let value = this.primary();
    while (this.takes(".")) {
      const [of, name] = [value, this.next()];
      if (!this.takes("(")) {
        value = (scope) => property(of(scope), name);
        continue;
      }
      if (name !== "matches") throw new SyntaxError(`storage.rules: the method ${name} is not known here`);
      const pattern = this.expression();
      this.expect(")");
      value = (scope) => matches(of(scope), pattern(scope));
    }
    return value;
  }

  primary() {
    const token = this.next();
    if (token === "(") {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (token === "[") return this.list();
    if (token.startsWith("'")) return () => token.slice(1, -1);
    if (/^\d/.test(token)) return () => Number(token);
    if (token in NAMES) return () => NAMES[token];
    if (!/^\w+$/.test(token)) throw new SyntaxError(`storage.rules: ${token} begins no value`);
    return this.takes("(") ? this.call(token) : (scope) => property(scope, token);
  }

  list() {
    const items = this.items("]");
    return (scope) => items.map((item) => item(scope));
  }

  call(name) {
    const given = this.items(")");
    return (scope) => {
      const { parameters, body } = property(scope, name);
      const values = parameters.map((parameter, index) => [parameter, given[index](scope)]);
      return body({ ...scope, ...Object.fromEntries(values) });
    };
  }

  items(end) {
    const items = [];
    while (!this.takes(end)) {
      items.push(this.expression());
      this.takes(",");
    }
    return items;
  }
}

const COMPARISONS = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => number(left) < number(right),
  "<=": (left, right) => number(left) <= number(right),
  ">": (left, right) => number(left) > number(right),
  ">=": (left, right) => number(left) >= number(right),
  in: (left, right) => right.includes(left),
};

function truth(value) {
  if (typeof value !== "boolean") throw new Refusal("no boolean");
  return value;
}

function number(value) {
  if (typeof value !== "number") throw new Refusal("no number");
  return value;
}

function property(of, name) {
  if (of === null || of === undefined || !Object.hasOwn(of, name)) throw new Refusal(`no ${name}`);
  return of[name];
}

function matches(text, pattern) {
  if (typeof text !== "string") throw new Refusal("no text");
  return new RegExp(`^(?:${pattern})$`).test(text);
}

module.exports = { read };
