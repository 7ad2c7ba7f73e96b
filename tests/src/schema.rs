//! Whether a JSON value is what its JSON Schema says: as far as the schemas of
//! `maos schema` go, and with every field described.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Checks that `value` is what `schema` describes, and holds nothing else.
///
/// # Panics
/// When it is not, with the place.
pub fn is_described(value: &Value, schema: &Value) {
    let checked = Checker { root: schema }.check(value, schema, "$");
    if let Err(problem) = checked {
        panic!("{problem}\n{value:#}\n{schema:#}");
    }
}

struct Checker<'a> {
    root: &'a Value,
}

impl Checker<'_> {
    /// Checks one value, and returns the names of the fields that the schema
    /// describes.
    fn check(&self, value: &Value, schema: &Value, at: &str) -> Result<BTreeSet<String>, String> {
        let mut known = self.fields(value, schema, at)?;
        // `true` allows anything.
        if let (Some(object), Some(schema)) = (value.as_object(), schema.as_object())
            && schema
                .get("additionalProperties")
                .is_none_or(|more| more == false)
        {
            if let Some(field) = object.keys().find(|key| !known.contains(*key)) {
                return Err(format!("{at}.{field} is not described"));
            }
            known.clear();
        }
        Ok(known)
    }

    fn fields(&self, value: &Value, schema: &Value, at: &str) -> Result<BTreeSet<String>, String> {
        let mut known = BTreeSet::new();
        // `true` allows anything.
        let Some(schema) = schema.as_object() else {
            return Ok(known);
        };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let found = self.root.pointer(reference.trim_start_matches('#'));
            let found = found.ok_or_else(|| format!("{reference} is nowhere"))?;
            known.extend(self.fields(value, found, at)?);
        }
        check_type(value, schema, at)?;
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            return Err(format!("{at}: {value} is none of {allowed:?}"));
        }
        if let Some(expected) = schema.get("const")
            && value != expected
        {
            return Err(format!("{at}: {value} is not {expected}"));
        }
        for several in ["anyOf", "oneOf"] {
            if let Some(ways) = schema.get(several).and_then(Value::as_array) {
                let tried = ways.iter().map(|way| self.fields(value, way, at));
                let mut tried: Vec<_> = tried.collect();
                let fits = tried.iter().position(Result::is_ok).unwrap_or_default();
                known.extend(tried.swap_remove(fits)?);
            }
        }
        known.extend(self.members(value, schema, at)?);
        Ok(known)
    }

    /// Checks what is in an object or a list.
    fn members(
        &self,
        value: &Value,
        schema: &Map<String, Value>,
        at: &str,
    ) -> Result<BTreeSet<String>, String> {
        let mut known = BTreeSet::new();
        if let Some(object) = value.as_object() {
            let none = Map::new();
            let described = schema.get("properties").and_then(Value::as_object);
            for (name, schema) in described.unwrap_or(&none) {
                known.insert(name.clone());
                if let Some(member) = object.get(name) {
                    self.check(member, schema, &format!("{at}.{name}"))?;
                }
            }
            let required = schema.get("required").and_then(Value::as_array);
            for name in required.into_iter().flatten().filter_map(Value::as_str) {
                if !object.contains_key(name) {
                    return Err(format!("{at}.{name} is missing"));
                }
            }
        }
        for (index, member) in value.as_array().into_iter().flatten().enumerate() {
            let prefix = schema.get("prefixItems").and_then(|items| items.get(index));
            if let Some(schema) = prefix.or(schema.get("items")) {
                self.check(member, schema, &format!("{at}[{index}]"))?;
            }
        }
        Ok(known)
    }
}

fn check_type(value: &Value, schema: &Map<String, Value>, at: &str) -> Result<(), String> {
    let Some(kind) = schema.get("type") else {
        return Ok(());
    };
    let is = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        _ => false,
    };
    let fits = match kind.as_array() {
        Some(kinds) => kinds.iter().any(is),
        None => is(kind),
    };
    match fits {
        true => Ok(()),
        false => Err(format!("{at}: {value} is no {kind}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(value: &Value, schema: &Value) -> bool {
        Checker { root: schema }.check(value, schema, "$").is_ok()
    }

    #[test]
    fn what_is_missing_wrong_or_not_described_is_found() {
        let schema = json!({
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/list"}, "b": {"type": ["string", "null"]}},
            "required": ["a"],
            "oneOf": [
                {"properties": {"k": {"const": "x"}}, "required": ["k"]},
                {"properties": {"k": {"const": "y"}, "z": {"type": "integer"}}, "required": ["k", "z"]},
            ],
            "$defs": {"list": {"type": "array", "items": {"enum": ["one", "two"]}}},
        });
        assert!(fits(&json!({"a": ["one"], "b": null, "k": "x"}), &schema));
        assert!(fits(&json!({"a": [], "k": "y", "z": 1}), &schema));
        for wrong in [
            json!({"k": "x"}),
            json!({"a": ["three"], "k": "x"}),
            json!({"a": [], "b": 1, "k": "x"}),
            json!({"a": [], "k": "y"}),
            json!({"a": [], "k": "x", "z": 1}),
            json!({"a": [], "k": "x", "c": 1}),
        ] {
            assert!(!fits(&wrong, &schema), "{wrong}");
        }
    }
}
