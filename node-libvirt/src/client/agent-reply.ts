/** The guest agent has refused a command, or has answered what makes no sense. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code = 'LIBVIRT_AGENT';
  /**
   * The agent's own class of error, such as `CommandNotFound`; null when its answer is malformed.
   */
  readonly errorClass: string | null;

  constructor(message: string, errorClass: string | null = null) {
    super(message);
    this.errorClass = errorClass;
  }
}

/** JSON of an answer, taken apart with checks: a guest can send anything. */
export class AgentReply {
  readonly #value: unknown;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    this.#value = value;
    this.#where = where;
  }

  /** What is under `return` in the text that the agent has sent. */
  static parse(text: string, command: string): AgentReply {
    const reply = new AgentReply(parseJSON(text, command), command);
    const error = reply.optional('error');
    if (error === null) return reply.get('return');
    const description = error.get('desc').text();
    throw new AgentError(`${command}: ${description}`, error.get('class').text());
  }

  /** A field, which need not be there. */
  get(key: string): AgentReply {
    return new AgentReply(this.#fields()[key], `${this.#where}.${key}`);
  }

  /** Null when the field is missing. */
  optional(key: string): AgentReply | null {
    const value = this.#fields()[key];
    if (value === undefined || value === null) return null;
    return new AgentReply(value, `${this.#where}.${key}`);
  }

  /** @throws AgentError when it is anything else. */
  text(): string {
    if (typeof this.#value !== 'string') throw this.#wrong('text');
    return this.#value;
  }

  /** @throws AgentError when it is anything else. */
  number(): number {
    if (typeof this.#value !== 'number') throw this.#wrong('a number');
    return this.#value;
  }

  /** @throws AgentError when it is anything else. */
  boolean(): boolean {
    if (typeof this.#value !== 'boolean') throw this.#wrong('true or false');
    return this.#value;
  }

  /** @throws AgentError when it is anything else. */
  list<T>(each: (item: AgentReply) => T): T[] {
    if (!Array.isArray(this.#value)) throw this.#wrong('a list');
    return this.#value.map((item, at) => each(new AgentReply(item, `${this.#where}[${at}]`)));
  }

  /** As it came. */
  raw(): unknown {
    return this.#value;
  }

  #fields(): Readonly<Record<string, unknown>> {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#wrong('an object');
    }
    return { ...value };
  }

  #wrong(expected: string): AgentError {
    return new AgentError(
      `the guest agent's answer is malformed: ${this.#where} is not ${expected}`,
    );
  }
}

function parseJSON(text: string, command: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AgentError(`the guest agent's answer to ${command} is not JSON`);
  }
}
