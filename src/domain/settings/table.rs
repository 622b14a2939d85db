//! From the list of settings: their keys, and one type over all of them for each of value, observation and wish.

macro_rules! settings {
    ($($(#[$doc:meta])* $key:ident($kind:ty) as $field:ident,)+) => {
        /// Which setting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $($(#[$doc])* $key,)+
        }

        impl Key {
            /// What it is called in a sentence.
            pub fn name(self) -> &'static str {
                match self { $(Self::$key => <$kind as Setting>::NAME,)+ }
            }

            /// The kind of resource that a change of it names.
            pub fn resource(self) -> &'static str {
                match self { $(Self::$key => <$kind as Setting>::RESOURCE,)+ }
            }

            /// `DescribeFileSystems` shows it.
            pub fn is_shown(self) -> bool {
                match self { $(Self::$key => <$kind as Setting>::SHOWN,)+ }
            }

            /// AWS takes time to make it so, and shows that.
            pub fn settles(self) -> bool {
                match self { $(Self::$key => <$kind as Setting>::SETTLES,)+ }
            }

            /// It is set when everything else is as it was asked for.
            pub fn is_last(self) -> bool {
                match self { $(Self::$key => <$kind as Setting>::LAST,)+ }
            }

            /// The file system is `updating` while it changes.
            pub fn updates(self) -> bool {
                match self { $(Self::$key => <$kind as Setting>::UPDATES,)+ }
            }
        }

        /// A setting with the value that is written.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Value {
            $($(#[$doc])* $key($kind),)+
        }

        impl Value {
            /// Which setting it is.
            pub fn key(&self) -> Key {
                match self { $(Self::$key(_) => Key::$key,)+ }
            }

            /// What a look shows once it is set.
            pub fn observed(&self) -> ObservedSetting {
                match self { $(Self::$key(value) => ObservedSetting::$key(value.observed()),)+ }
            }

            /// What is lost of safety where it replaces what is there.
            pub fn loss(&self, there: &ObservedSetting) -> Option<&'static str> {
                match self { $(Self::$key(value) => value.loss(<$kind as Kind>::pick(there)?),)+ }
            }

            /// Settings that have to be as asked for before it is taken.
            pub fn after(&self) -> &'static [Key] {
                match self { $(Self::$key(value) => value.after(),)+ }
            }
        }

        /// A setting as it was read.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ObservedSetting {
            $($(#[$doc])* $key(<$kind as Setting>::Observed),)+
        }

        impl ObservedSetting {
            /// Which setting it is.
            pub fn key(&self) -> Key {
                match self { $(Self::$key(_) => Key::$key,)+ }
            }

            /// AWS is not done with it.
            pub fn is_settling(&self) -> bool {
                match self { $(Self::$key(observed) => <$kind as Setting>::is_settling(observed),)+ }
            }

            /// What was read, as a plan shows it.
            pub fn shown(&self) -> String {
                match self { $(Self::$key(observed) => <$kind as Setting>::shown(observed),)+ }
            }
        }

        /// A setting whose observation can be distinguished from those of others.
        pub trait Kind: Setting {
            /// The observation, if it is of this setting.
            fn pick(observed: &ObservedSetting) -> Option<&Self::Observed>;
        }

        $(impl Kind for $kind {
            fn pick(observed: &ObservedSetting) -> Option<&Self::Observed> {
                match observed {
                    ObservedSetting::$key(observed) => Some(observed),
                    #[allow(unreachable_patterns, reason = "with one setting there is no other")]
                    _ => None,
                }
            }
        })+

        /// What is asked of the settings.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Wishes {
            $($(#[$doc])* pub $field: <$kind as Setting>::Wish,)+
        }

        impl Wishes {
            /// Settings of which something is asked.
            pub fn asked(&self) -> impl Iterator<Item = Key> {
                let none = Self::default();
                let asked = [$((Key::$key, self.$field != none.$field)),+];
                asked.into_iter().filter(|(_, asked)| *asked).map(|(key, _)| key)
            }

            /// What is to be done about the setting that was read.
            pub fn verdict(&self, observed: &ObservedSetting) -> Verdict<Value> {
                match observed {
                    $(ObservedSetting::$key(observed) => {
                        <$kind as Setting>::verdict(&self.$field, observed).map(Value::$key)
                    })+
                }
            }

            /// Asks nothing of a setting that someone has set.
            pub fn keep_what_is_set(&mut self, observed: &ObservedSetting) {
                match observed {
                    $(ObservedSetting::$key(observed) => {
                        if !<$kind as Setting>::is_unset(observed) {
                            self.$field = Default::default();
                        }
                    })+
                }
            }

            /// The settings of a file system that was just created with these wishes.
            pub fn at_creation(&self, one_zone: bool) -> Settings {
                [$(ObservedSetting::$key(<$kind as Setting>::at_creation(&self.$field, one_zone))),+]
                    .into_iter()
                    .collect()
            }
        }
    };
}
