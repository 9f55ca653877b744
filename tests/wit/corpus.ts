/** WIT texts that between them hold every kind of type, function and item; each has one world named `w`. */
export const corpus: Readonly<Record<string, string>> = {
  streams: `package a:b;
    interface i {
      record point { x: s16, y: s16 }
      none: async func();
      double: async func(x: stream<u32>) -> stream<u32>;
      units: async func(x: stream) -> future;
      mixed: async func(a: u8, b: stream<point>, c: future<point>, d: string) -> tuple<stream<u8>, future<u8>>;
      nested: async func(x: stream<stream<u8>>) -> future<result<stream<string>, stream<u8>>>;
      same: async func(a: stream<u8>, b: stream<u8>) -> stream<u8>;
      at-once: func(x: stream<u32>) -> future<u8>;
    }
    world w { import i; export i; }`,
  aggregates: `package a:b;
    interface i {
      variant v { a(u32), b(f32), c(u64), d(f64), e(string), f }
      flags many { a, b, c, d, e, f, g, h, i }
      enum e { a, b }
      record big { a: v, b: v, c: v, d: v, e: v, f: many }
      type alias = big;
      small: func(x: option<u8>) -> tuple<u8>;
      two: func(x: v) -> v;
      large: func(x: alias, y: e) -> big;
      later: async func(x: big) -> alias;
      later-five: async func(a: u8, b: u16, c: f32, d: f64, e: s64) -> result<_, string>;
      later-four: async func(a: u8, b: u16, c: char, d: bool) -> result;
      lists: func(a: list<u8>, b: list<v>) -> list<string>;
      nothing: func();
      post: func() -> string;
    }
    world w { import i; export i; }`,
  maps: `package a:b;
    interface i { type counts = map<string, u32>; f: func(a: counts) -> map<u8, list<string>>; g: async func(a: stream<map<u16, bool>>); }
    world w { import i; export i; }`,
  versions: `package a:b@1.2.3-rc.1;
    interface types { record r { a: u8 } resource res; }
    interface i { use types.{r, res as other}; f: async func(x: r, y: borrow<other>) -> stream<r>; }
    world w { import i; export i; }`,
  resources: `package a:b;
    interface i {
      resource counter {
        constructor(start: u32);
        next: func() -> u32;
        later: async func(x: stream<u8>) -> u32;
        merge: static func(a: counter, b: borrow<counter>) -> counter;
        watch: static async func() -> stream<counter>;
      }
      give: func() -> counter;
      take: async func(x: list<counter>);
    }
    interface j { use i.{counter}; peek: func(x: borrow<counter>) -> result<u8, counter>; }
    world w { import i; export i; import j; export j; }`,
  world: `package a:b;
    interface far { g: func(); }
    world w {
      record here { a: u8, b: option<string> }
      resource thing { constructor(); use-it: func() -> here; }
      type alias = list<here>;
      import log: func(x: string);
      import wait-for: async func(x: stream<here>) -> alias;
      import given: interface { f: func(x: u8) -> u8; resource r; }
      import far;
      export run: async func(x: future<string>) -> result<stream<u8>, here>;
      export at-once: func(a: f32, b: f64) -> here;
      export made: interface { enum e { x, y } f: async func() -> e; resource r { constructor(); } }
    }`,
  packages: `package a:b;
    world w { import c:d/types@0.2.0; import c:d/i@0.2.0; export c:d/i@0.2.0; include other; }
    world other { export late: async func(); import early: func() -> u8; }
    package c:d@0.2.0 {
      interface types { type size = u64; variant v { a(size), b } }
      interface i { use types.{size, v}; f: func(x: size) -> v; g: async func(x: stream<v>) -> size; }
    }`,
};
