;; `double` by hand: one comparison for each copy that is not over in the usual way. It stands beside ours in the bench (`npm run bench -- --peers`).
;;
;; An end's waitable set is kept at SET, its slot is at SLOT, an event comes to 4 and 8:
;;
;;     24  set of the readable end     36  its slot
;;     48  set of the writable end     60  its slot
(module
  (import "$root" "[waitable-set-new]" (func $set-new (result i32)))
  (import "$root" "[waitable-join]" (func $join (param i32 i32)))
  (import "[export]my:test/i" "[stream-new-1]double" (func $stream-new (result i64)))
  (import "[export]my:test/i" "[task-return]double" (func $return (param i32)))
  (import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
  (import "[export]my:test/i" "[async-lower][stream-read-0]double" (func $read (param i32 i32 i32) (result i32)))
  (import "[export]my:test/i" "[async-lower][stream-write-1]double" (func $write (param i32 i32 i32) (result i32)))
  (import "[export]my:test/i" "[stream-drop-readable-0]double" (func $drop-readable (param i32)))
  (import "[export]my:test/i" "[stream-drop-writable-1]double" (func $drop-writable (param i32)))
  (memory 1)
  (global $used i32 (i32.const 64))
  (export "[async-lift]my:test/i#double" (func $run))
  (export "[callback][async-lift]my:test/i#double" (func $called-back))
  (export "memory" (memory 0))
  (export "__heap_base" (global $used))
  (export "__data_end" (global $used))

  ;; The end goes into the set at $at, which is made for the first end.
  (func $own (param $end i32) (param $at i32) (local $set i32)
    (if (i32.eqz (local.tee $set (i32.load (local.get $at))))
      (then (i32.store (local.get $at) (local.tee $set (call $set-new)))))
    (call $join (local.get $end) (local.get $set)))

  ;; What a copy came to, of which the set at $at has the event when it has blocked.
  (func $settle (param $result i32) (param $at i32) (result i32)
    (if (i32.eq (local.get $result) (i32.const -1))
      (then
        (drop (call $wait (i32.load (local.get $at)) (i32.const 4)))
        (local.set $result (i32.load (i32.const 8)))))
    (local.get $result))

  (func $run (param $in i32) (result i32) (local $out i32) (local $result i32) (local $last i32) (local $both i64)
    (call $own (local.get $in) (i32.const 24))
    (call $own
      (local.tee $out (i32.wrap_i64 (i64.shr_u (local.tee $both (call $stream-new)) (i64.const 32))))
      (i32.const 48))
    (call $return (i32.wrap_i64 (local.get $both)))
    (block $end
      (loop $next
        (block $item
          (br_if $item
            (i32.eq
              (local.tee $result (call $read (local.get $in) (i32.const 36) (i32.const 1)))
              (i32.const 16)))
          (br_if $end
            (i32.lt_u (local.tee $result (call $settle (local.get $result) (i32.const 24))) (i32.const 16)))
          (local.set $last (i32.and (local.get $result) (i32.const 1))))
        (i32.store (i32.const 60) (i32.shl (i32.load (i32.const 36)) (i32.const 1)))
        (br_if $next
          (i32.eq
            (local.tee $result
              (i32.or (call $write (local.get $out) (i32.const 60) (i32.const 1)) (local.get $last)))
            (i32.const 16)))
        (br_if $next
          (i32.eq
            (i32.or (call $settle (local.get $result) (i32.const 48)) (local.get $last))
            (i32.const 16)))))
    (call $drop-readable (local.get $in))
    (call $drop-writable (local.get $out))
    (i32.const 0))

  (func $called-back (param i32 i32 i32) (result i32)
    (unreachable))
)
